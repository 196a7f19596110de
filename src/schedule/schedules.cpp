#include "schedule/schedules.h"

#include <algorithm>
#include <stdexcept>

namespace touchstone {

const std::vector<Schedule>& schedules() {
  static const std::vector<Schedule> all = {step_decay(), exponential(), drop(), time_decay(), compounded_time_decay()};
  return all;
}

const Schedule& find_schedule(const std::string& name) {
  const auto found = std::find_if(schedules().begin(), schedules().end(),
                                  [&](const Schedule& schedule) { return schedule.spec.name == name; });
  if (found == schedules().end()) throw std::out_of_range("no schedule is called '" + name + "'");
  return *found;
}

}  // namespace touchstone
