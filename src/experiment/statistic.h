#pragma once

#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// A number that is computed from one run.
struct Statistic {
  enum class Type {
    final,              ///< a metric after the last epoch
    best,               ///< the greatest accuracy, or the least loss, of all epochs
    epochs_to,          ///< the first epoch, from 1, at which a metric reaches `number`; never: epochs + 1
    volatility,         ///< the standard deviation of a metric over the last quarter of the epochs
    late_change,        ///< what a metric changes by over the last quarter of the epochs
    change,             ///< a metric after the last epoch minus the same after the first
    rate_after,         ///< the learning rate, decay included, after `number` updates (of a schedule: at that step)
    drops,              ///< how often the learning rate was reduced
    first_drop,         ///< the first epoch, from 1, with a rate below that of the epoch before; never: epochs + 1
    drop_factor,        ///< the rate after the first drop relative to the one before; NaN if there is none
    updates_per_epoch,  ///< of the training rows
    gradient_noise,     ///< the mean squared distance of a batch's gradient from that of all rows, relative to the
                        ///< latter's square, at the initial parameters, over the first epoch's batches
    derivative_order,   ///< the highest derivative of the loss that the optimizer's formula contains
    history,            ///< everything that is recorded of each epoch
    data                ///< the data set
  };

  Type type = Type::final;
  std::string metric;   ///< where the type has one
  double number = 0.0;  ///< of epochs_to and rate_after

  friend bool operator==(const Statistic& a, const Statistic& b) {
    return a.type == b.type && a.metric == b.metric && a.number == b.number;
  }
};

/// The name of a statistic as a column of study.csv and as `touchstone compare --metric` takes it: "val_accuracy",
/// "best_val_loss", "epochs_to_0.8_val_accuracy", "rate_after_200", "drops".
std::string name_of(const Statistic& statistic);

/// The statistic of that name; nothing if there is none.
std::optional<Statistic> statistic_named(const std::string& name);

/// Examples of the names, for messages.
std::string statistic_names();

/// Whether a run's history gives it.
bool is_of_history(const Statistic& statistic);

/// Whether every run of an arm has the same value, so that nothing is sampled.
bool is_constant(const Statistic& statistic);

/// The metrics of which there are statistics: all but the rate.
const std::vector<std::string>& statistic_metrics();

}  // namespace touchstone
