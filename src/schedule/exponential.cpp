#include <cmath>

#include "schedule/schedules.h"

namespace touchstone {

Schedule exponential() {
  return {{"exponential", {{"initial_lrate", 0.1, at_least_zero}, {"k", 0.05, at_least_zero}}},
          [](const Component& arguments, std::int64_t epoch) {
            return arguments.number("initial_lrate") * std::exp(-arguments.number("k") * static_cast<double>(epoch));
          },
          true};
}

}  // namespace touchstone
