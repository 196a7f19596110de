#pragma once

#include <functional>
#include <string>
#include <vector>

#include "trace/setup.h"

namespace touchstone {

/// A well-known way to get a training loop or an optimizer wrong.
struct Mistake {
  std::string name;
  std::string sentence;  ///< what is done, and what should be: told to the user
  /// The run with this mistake made: several if it has a value to be found out, none where it cannot be made.
  std::function<std::vector<Setup>(const Setup& right)> variants;
};

/// Every mistake that diagnosis knows. A new one is an entry in one of these lists, or in its optimizer's
/// file.
const std::vector<Mistake>& catalogue();

std::vector<Mistake> optimizer_mistakes();
std::vector<Mistake> rate_mistakes();
std::vector<Mistake> batch_mistakes();
std::vector<Mistake> gradient_mistakes();

}  // namespace touchstone
