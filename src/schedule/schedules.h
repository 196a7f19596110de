#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiment/component.h"

namespace touchstone {

/// A rate as a pure function of the step (an epoch or an update, from 0). The warm-up (schedule/warm_up.h) is separate.
struct Schedule {
  ComponentSpec spec;
  double (*rate)(const Component& arguments, std::int64_t step);
  bool for_training = false;  ///< may be the `schedule` of a LearningRateScheduler
  /// The rate at a step from the previous rate, for recursively defined schedules; otherwise null.
  double (*next)(const Component& arguments, std::int64_t step, double previous) = nullptr;
  /// The largest intermediate value, which the rounding error of the rate is relative to; null: the rate itself.
  double (*size)(const Component& arguments, std::int64_t step) = nullptr;
};

/// The rate at a step, including the warm-up that `arguments` request.
double rate_at(const Schedule& schedule, const Component& arguments, std::int64_t step);

/// The schedule's `size` at a step, or its rate.
double size_at(const Schedule& schedule, const Component& arguments, std::int64_t step);

/// The rates at steps 0 ... steps - 1 of the schedule that `arguments` names, with its warm-up.
std::vector<double> rates_of(const Component& arguments, std::int64_t steps);

/// Every schedule, in the order of the help. To add one, write a file and add a line here.
const std::vector<Schedule>& schedules();

/// Throws std::out_of_range for an unknown name.
const Schedule& find_schedule(const std::string& name);

Schedule step_decay();             ///< initial_lrate * drop^floor((1 + step) / epochs_drop)
Schedule exponential();            ///< initial_lrate * exp(-k * step)
Schedule drop();                   ///< initial_lrate * drop^floor(step / epochs_drop)
Schedule cosine();                 ///< from initial_lrate to alpha of it in decay_epochs, as half a cosine
Schedule time_decay();             ///< lr / (1 + decay * step)
Schedule compounded_time_decay();  ///< lr_0 = lr, lr_n = lr_(n-1) / (1 + decay * n)

}  // namespace touchstone
