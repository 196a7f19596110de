#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "training/history.h"

namespace touchstone {

struct Experiment;

/// Reports the progress of an experiment's arms on stderr: on a terminal one line that is rewritten (arms, epochs, time
/// left), otherwise one line per arm. Thread-safe.
class ProgressDisplay {
 public:
  ProgressDisplay(const Experiment& experiment, bool quiet);
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;
  ~ProgressDisplay();

  void epochs_done(std::size_t arm, std::int64_t epochs);
  void arm_done(std::size_t arm, const History& history);

 private:
  void rewrite_line();
  static void clear_line();

  std::mutex mutex_;
  std::string name_;
  std::vector<std::string> labels_;
  std::vector<std::int64_t> updates_per_epoch_;
  std::vector<std::int64_t> epochs_;
  std::vector<std::int64_t> done_;
  std::size_t arms_done_ = 0;
  bool plain_;
  bool terminal_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace touchstone
