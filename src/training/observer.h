#pragma once

#include <cstdint>
#include <vector>

#include "data/epoch_metrics.h"
#include "data/tensor_fwd.h"
#include "training/batch_plan.h"

namespace touchstone {

class UpdateObserver;
class UpdateRule;

/// Observes a run. Every method does nothing by default.
class Observer {
 public:
  virtual ~Observer() = default;

  /// The observer of every update; null if there is none, so that an engine may compute several updates per call.
  virtual UpdateObserver* update_observer() { return nullptr; }

  /// After the epoch (from 0), its validation and its callbacks.
  virtual void on_epoch_end(std::int64_t /*epoch*/, const EpochMetrics& /*metrics*/,
                            const std::vector<at::Tensor>& /*parameters*/) {}
  /// After the last update.
  virtual void on_train_end(const UpdateRule& /*rule*/) {}
  /// Asked before every few updates; true ends the run with Interrupted.
  virtual bool stop_requested() { return false; }
};

/// Observes every update.
class UpdateObserver : public Observer {
 public:
  UpdateObserver* update_observer() final { return this; }

  /// Before the update: the batch's loss, the rate to be used (decay included), and the parameters with their
  /// gradients in grad().
  virtual void on_gradients(const Progress& /*progress*/, double /*loss*/, double /*lr*/,
                            const std::vector<at::Tensor>& /*parameters*/) {}
  /// After the update.
  virtual void on_update(const Progress& /*progress*/, const std::vector<at::Tensor>& /*parameters*/,
                         const UpdateRule& /*rule*/) {}
};

}  // namespace touchstone
