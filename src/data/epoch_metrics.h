#pragma once

#include <limits>
#include <string>
#include <vector>

namespace touchstone {

/// What Keras's `fit` reports of one epoch. `loss` and `accuracy` are means over the epoch's samples, each
/// batch measured before its own update; `val_*` are measured after the epoch; `lr` is the optimizer's rate
/// (without decay) after the epoch's callbacks.
struct EpochMetrics {
  double loss = std::numeric_limits<double>::quiet_NaN();
  double accuracy = std::numeric_limits<double>::quiet_NaN();
  double val_loss = std::numeric_limits<double>::quiet_NaN();
  double val_accuracy = std::numeric_limits<double>::quiet_NaN();
  double lr = std::numeric_limits<double>::quiet_NaN();
};

/// Keras's names of the metrics, in the order above: of a history's columns, of what figures draw and schedules watch.
const std::vector<std::string>& metric_names();

/// Whether a loss is NaN or infinite: the run has diverged.
bool has_diverged(const EpochMetrics& epoch);

/// The metric of that name; to read it or to set it. Throws std::invalid_argument for a name that is none.
double EpochMetrics::*find_metric(const std::string& name);
double metric(const EpochMetrics& epoch, const std::string& name);
double& metric(EpochMetrics& epoch, const std::string& name);

}  // namespace touchstone
