#pragma once

#include <cstdint>
#include <string>

#include "schedule/callback.h"

namespace touchstone {

/// Keras 2.3.1's ReduceLROnPlateau (keras/callbacks.py). Multiplies the rate by `factor` once the monitored
/// metric has not improved by more than `min_delta` (absolute) for `patience` epochs. The cooldown is counted
/// down before the metric is looked at, so `cooldown: c` shelters c - 1 epochs; `best` survives a drop.
class ReduceLROnPlateau : public Callback {
 public:
  struct Options {
    std::string monitor = "val_loss";
    double factor = 0.1;
    std::int64_t patience = 10;
    double min_delta = 1e-4;
    std::int64_t cooldown = 0;
    double min_lr = 0.0;
    std::string mode = "auto";  ///< min, max or auto: max if "acc" is in the monitor's name
    /// Judges an improvement relative to the best value, as PyTorch's scheduler does by default. No file may ask for
    /// it.
    bool is_relative = false;
    bool keeps_wait = false;  ///< a drop does not set the count of epochs back (keras#3991)
  };

  explicit ReduceLROnPlateau(Options options);

  void on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics, Rate& rate) override;

 private:
  bool improved(double current) const;
  bool in_cooldown() const { return cooldown_counter_ > 0; }
  void drop(Rate& rate);

  Options options_;
  bool maximised_;
  double best_;
  std::int64_t wait_ = 0;
  std::int64_t cooldown_counter_ = 0;
};

}  // namespace touchstone
