#include "schedule/schedules.h"
#include "schedule/time_decay.h"

namespace touchstone {
namespace {

std::vector<ArgumentSpec> decay_arguments() { return {{"lr", 0.01, at_least_zero}, {"decay", 0.0, at_least_zero}}; }

double compounded_once(const Component& arguments, std::int64_t step, double previous) {
  return previous * (1.0 / (1.0 + arguments.number("decay") * static_cast<double>(step)));
}

double compounded(const Component& arguments, std::int64_t step) {
  double rate = arguments.number("lr");
  for (std::int64_t n = 1; n <= step; ++n) rate = compounded_once(arguments, n, rate);
  return rate;
}

}  // namespace

Schedule time_decay() {
  return {{"time_decay", decay_arguments()}, [](const Component& arguments, std::int64_t step) {
            return time_decayed(Rate(arguments.number("lr"), Precision::float64), arguments.number("decay"), step);
          }};
}

// The table in the notebook's prose divides the previous epoch's rate again; no Keras optimizer does that.
Schedule compounded_time_decay() {
  Schedule schedule{{"compounded_time_decay", decay_arguments()}, &compounded};
  schedule.next = &compounded_once;
  return schedule;
}

}  // namespace touchstone
