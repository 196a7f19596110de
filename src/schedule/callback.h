#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/epoch_metrics.h"
#include "experiment/component.h"
#include "schedule/rate.h"

namespace touchstone {

/// Something that changes the rate between epochs, as a Keras callback does. Epochs count from 0.
class Callback {
 public:
  virtual ~Callback() = default;
  virtual void on_epoch_begin(std::int64_t epoch, Rate& rate);
  virtual void on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics, Rate& rate);
  /// The magnitude that the rounding error of an epoch's rate is relative to, if larger than the rate.
  virtual double size(std::int64_t epoch) const;
};

/// A callback's name, its arguments and its factory.
struct CallbackEntry {
  ComponentSpec spec;
  std::unique_ptr<Callback> (*make)(const Component&);
};

/// Every callback. To add one, write a file and add a line here.
const std::vector<CallbackEntry>& callback_entries();

/// Throws std::out_of_range for an unknown name.
std::unique_ptr<Callback> make_callback(const Component& config);

CallbackEntry learning_rate_scheduler();
CallbackEntry reduce_lr_on_plateau();

}  // namespace touchstone
