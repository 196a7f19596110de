#pragma once

#include <limits>
#include <string>

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

/// The metric called loss, accuracy, val_loss, val_accuracy or lr.
/// Throws std::invalid_argument for any other name.
double metric(const EpochMetrics& epoch, const std::string& series);

}  // namespace touchstone
