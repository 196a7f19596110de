#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "cli/status_line.h"
#include "training/train_arms.h"

namespace touchstone {

struct Experiment;

/// Reports the progress of an experiment's arms: on a terminal arms, epochs and time left, otherwise a line per arm
/// that has ended. Ctrl-C stops the arms. Thread-safe.
class ArmProgress : public ArmObserver {
 public:
  ArmProgress(const Experiment& experiment, bool quiet);

  void on_epoch_end(std::size_t arm, std::int64_t epochs_done) override;
  void on_arm_end(std::size_t arm, const History& history) override;
  bool stop_requested() override;

 private:
  std::string text() const;

  std::mutex mutex_;
  StatusLine line_;
  std::string name_;
  std::vector<std::string> labels_;
  std::vector<std::int64_t> updates_per_epoch_;
  std::vector<std::int64_t> epochs_;
  std::vector<std::int64_t> done_;
  std::size_t arms_done_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace touchstone
