#pragma once

#include <vector>

#include "experiment/statistic.h"
#include "training/history.h"

namespace touchstone {

/// The value of a statistic of a run's history. `decay`: the optimizer's, for the rate. NaN if the run does not have
/// it: a metric that is NaN where it is needed, an update beyond the last. Throws std::invalid_argument for a statistic
/// that no history gives.
double value_of(const Statistic& statistic, const History& history, double decay);

/// The same of a schedule's rates, one per step: the rate, its drops and the first of them.
double value_of(const Statistic& statistic, const std::vector<double>& rates);

}  // namespace touchstone
