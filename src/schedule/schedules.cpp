#include "schedule/schedules.h"

#include <algorithm>
#include <cmath>

#include "experiment/find_named.h"
#include "schedule/warm_up.h"

namespace touchstone {
namespace {

std::vector<Schedule> with_warm_up(std::vector<Schedule> schedules) {
  for (Schedule& schedule : schedules) {
    for (const ArgumentSpec& argument : warm_up_arguments()) schedule.spec.arguments.push_back(argument);
  }
  return schedules;
}

/// PyTorch's recursion for a cosine (torch/optim/lr_scheduler.py, CosineAnnealingLR), made once from the full rate.
double recursed(const Component& cosine) {
  const double peak = cosine.number("initial_lrate");
  const double least = cosine.number("alpha") * peak;
  const double before = std::cos(std::acos(-1.0) / cosine.number("decay_epochs"));
  return 2.0 / (1.0 + before) * (peak - least) + least;
}

}  // namespace

const std::vector<Schedule>& schedules() {
  static const std::vector<Schedule> all =
      with_warm_up({step_decay(), exponential(), cosine(), drop(), time_decay(), compounded_time_decay()});
  return all;
}

double rate_at(const Schedule& schedule, const Component& arguments, std::int64_t step) {
  const WarmUp warm_up = warm_up_of(arguments);
  if (step < warm_up.steps) return schedule.rate(arguments, 0) * warm_up.share(step);
  if (warm_up.form == WarmUp::Form::schedule_from_first_step) return schedule.rate(arguments, step);
  if (warm_up.form == WarmUp::Form::cosine_recursion && step == warm_up.steps) return recursed(arguments);
  return schedule.rate(arguments, step - warm_up.steps);
}

double size_at(const Schedule& schedule, const Component& arguments, std::int64_t step) {
  if (schedule.size == nullptr) return rate_at(schedule, arguments, step);
  return schedule.size(arguments, std::max<std::int64_t>(step - warm_up_of(arguments).steps, 0));
}

std::vector<double> rates_of(const Component& arguments, std::int64_t steps) {
  const Schedule& schedule = find_schedule(arguments.name);
  const std::int64_t begin = warm_up_of(arguments).steps;
  std::vector<double> rates;
  for (std::int64_t step = 0; step < steps; ++step) {
    const bool follows = step > begin && schedule.next != nullptr;
    rates.push_back(follows ? schedule.next(arguments, step - begin, rates.back())
                            : rate_at(schedule, arguments, step));
  }
  return rates;
}

const Schedule& find_schedule(const std::string& name) {
  return find_named(schedules(), name, "schedule", [](const Schedule& schedule) { return schedule.spec.name; });
}

}  // namespace touchstone
