#include <cmath>

#include "schedule/schedules.h"

namespace touchstone {

namespace {

double decayed(const Component& arguments, std::int64_t epoch) {
  return arguments.number("initial_lrate") * std::exp(-arguments.number("k") * static_cast<double>(epoch));
}

}  // namespace

Schedule exponential() {
  Schedule schedule{
      {"exponential", {{"initial_lrate", 0.1, at_least_zero}, {"k", 0.05, at_least_zero}}}, &decayed, true};
  // The exponent is rounded too.
  schedule.size = [](const Component& arguments, std::int64_t epoch) {
    return decayed(arguments, epoch) * (1.0 + arguments.number("k") * static_cast<double>(epoch));
  };
  return schedule;
}

}  // namespace touchstone
