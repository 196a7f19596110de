#pragma once

#include <functional>
#include <string>
#include <vector>

#include "training/training_spec.h"

namespace touchstone {

/// A well-known way to get a training loop wrong.
struct Mistake {
  std::string name;
  std::string sentence;  ///< for the user: what the engine computes, and what it should
  /// The run with this mistake made: several if it has a value to be found out, none where it cannot be made.
  std::function<std::vector<TrainingSpec>(const TrainingSpec& declared)> runs;
  int numbers = 0;  ///< solved for from the trace: as many observations say nothing for it
};

/// Every mistake outside of the update that diagnosis knows; those of the update are in diagnosis/. A new one is
/// an entry in one of these lists.
const std::vector<Mistake>& catalogue();

std::vector<Mistake> rate_mistakes();
std::vector<Mistake> batch_mistakes();
std::vector<Mistake> gradient_mistakes();

}  // namespace touchstone
