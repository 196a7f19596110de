#pragma once

#include <vector>

namespace touchstone {

/// What the reference says of an observation: its values, and how far correct rounding may be off, each.
struct Expected {
  std::vector<double> values;
  std::vector<double> noise;    ///< of each element; or one for all of them
  double floor = 0.0;           ///< allowed in any case
  double relative_floor = 0.0;  ///< the same, times each element's size
};

}  // namespace touchstone
