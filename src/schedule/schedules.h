#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiment/component.h"

namespace touchstone {

/// A rate as a pure function of the step (an epoch or an update, from 0). A warm-up in front (schedule/warm_up.h) is no
/// part of it.
struct Schedule {
  ComponentSpec spec;
  double (*rate)(const Component& arguments, std::int64_t step);
  bool for_training = false;  ///< may be a LearningRateScheduler's `schedule`
  /// The rate at a step from the one before it, for a schedule whose definition is that; or null.
  double (*next)(const Component& arguments, std::int64_t step, double previous) = nullptr;
  /// How large a number is on the way to the rate, which is what the rate's rounding is relative to; null: the rate's
  /// own.
  double (*size)(const Component& arguments, std::int64_t step) = nullptr;
};

/// The rate at a step, the warm-up that `arguments` ask for in front.
double rate_at(const Schedule& schedule, const Component& arguments, std::int64_t step);

/// The schedule's `size` at a step, or its rate.
double size_at(const Schedule& schedule, const Component& arguments, std::int64_t step);

/// The rates at steps 0 ... steps - 1 of the schedule that `arguments` names, with its warm-up.
std::vector<double> rates_of(const Component& arguments, std::int64_t steps);

/// Every schedule, in the order in which help lists them. A new one is a file of its own and a line here.
const std::vector<Schedule>& schedules();

/// Throws std::out_of_range for a name that is none.
const Schedule& find_schedule(const std::string& name);

Schedule step_decay();             ///< initial_lrate * drop^floor((1 + step) / epochs_drop)
Schedule exponential();            ///< initial_lrate * exp(-k * step)
Schedule drop();                   ///< initial_lrate * drop^floor(step / epochs_drop)
Schedule cosine();                 ///< from initial_lrate to alpha of it in decay_epochs, as half a cosine
Schedule time_decay();             ///< lr / (1 + decay * step)
Schedule compounded_time_decay();  ///< lr_0 = lr, lr_n = lr_(n-1) / (1 + decay * n)

}  // namespace touchstone
