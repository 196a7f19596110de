#include "schedule/schedules.h"

#include <algorithm>
#include <stdexcept>

namespace touchstone {

const std::vector<Schedule>& schedules() {
  static const std::vector<Schedule> all = {step_decay(), exponential(), drop(), time_decay(), compounded_time_decay()};
  return all;
}

std::vector<double> rates_of(const Component& arguments, std::int64_t steps) {
  const Schedule& schedule = find_schedule(arguments.name);
  std::vector<double> rates;
  for (std::int64_t step = 0; step < steps; ++step) {
    const bool follows = step > 0 && schedule.next != nullptr;
    rates.push_back(follows ? schedule.next(arguments, step, rates.back()) : schedule.rate(arguments, step));
  }
  return rates;
}

const Schedule& find_schedule(const std::string& name) {
  const auto found = std::find_if(schedules().begin(), schedules().end(),
                                  [&](const Schedule& schedule) { return schedule.spec.name == name; });
  if (found == schedules().end()) throw std::out_of_range("no schedule is called '" + name + "'");
  return *found;
}

}  // namespace touchstone
