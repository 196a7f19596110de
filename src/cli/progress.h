#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "training/history.h"

namespace touchstone {

struct Experiment;

/// Tells on stderr how an experiment's arms are doing: one line that is rewritten on a terminal (arms, epochs,
/// time left), else a plain line an arm. May be called from several threads.
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
