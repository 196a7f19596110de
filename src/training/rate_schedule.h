#pragma once

#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "data/precision.h"
#include "experiment/component.h"
#include "schedule/callback.h"
#include "schedule/rate.h"
#include "training/batch_plan.h"

namespace touchstone {

/// The learning rate of a training: the optimizer's own, callbacks that change it between epochs, and a decay by
/// update.
struct RateSchedule {
  /// What the decay counts (time_decayed, schedule/time_decay.h). Keras: the updates done before, over all epochs.
  enum class Decay {
    per_update,
    per_update_from_one,
    per_epoch,
    compounded,  ///< each update's rate is that of the one before, decayed
    none
  };

  double lr = 0.01;
  double decay = 0.0;
  Decay decays = Decay::per_update;
  std::vector<Component> callbacks;
  std::int64_t epoch_shift = 0;        ///< of the epoch that a LearningRateScheduler is asked for
  bool is_late_by_one_update = false;  ///< the first update has `lr`, whatever the callbacks have set

  /// Of an update whose epoch has the rate `rate`.
  double update_rate(const Rate& rate, const Progress& progress) const;
};

bool operator==(const RateSchedule& a, const RateSchedule& b);

/// The rate of a run in progress, and the callbacks that change it. Epochs count from 0.
class RunningRate {
 public:
  RunningRate(const RateSchedule& schedule, Precision precision);

  void begin_epoch(std::int64_t epoch);
  void end_epoch(std::int64_t epoch, const EpochMetrics& metrics);

  const Rate& rate() const { return rate_; }
  double value() const { return rate_.value(); }
  void set(double value) { rate_.set(value); }
  /// The magnitude that the rounding error of an epoch's rate is relative to, if larger than the rate.
  double size(std::int64_t epoch) const;

 private:
  Rate rate_;
  std::int64_t epoch_shift_;
  std::vector<std::unique_ptr<Callback>> callbacks_;
};

}  // namespace touchstone
