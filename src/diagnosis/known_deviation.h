#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/free_parameter.h"

namespace touchstone {

/// A known way to compute an update otherwise than declared.
struct KnownDeviation {
  std::string axis;  ///< an engine deviates at most once along each
  std::string name;
  std::string sentence;  ///< for the user: what the engine computes, and what it should
  /// The update that deviates so besides what `spec` does already; none where that cannot be or changes nothing.
  std::function<std::optional<UpdateSpec>(const UpdateSpec& spec)> edit;
  std::vector<FreeParameter> numbers = {};  ///< that it brings with it, to be solved for
};

}  // namespace touchstone
