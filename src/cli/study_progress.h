#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "cli/status_line.h"
#include "run/run_study.h"

namespace touchstone {

/// Reports the progress of studies and the time left. Ctrl-C stops the studies.
class StudyProgress : public StudyObserver {
 public:
  /// `costs`: cost_of_study of each experiment.
  StudyProgress(std::vector<double> costs, bool quiet);

  void begin(std::size_t experiment, const std::string& name);
  void end();

  void on_progress(double before, double now) override;
  bool stop_requested() override;

 private:
  std::string text() const;

  std::mutex mutex_;
  std::vector<double> costs_;
  StatusLine line_;
  std::size_t experiment_ = 0;
  std::string name_;
  double before_ = 0.0;  ///< of this experiment
  double now_ = 0.0;     ///< the same
  double ended_ = 0.0;   ///< done now, of the experiments before
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace touchstone
