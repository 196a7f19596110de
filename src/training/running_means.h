#pragma once

#include <cstdint>

namespace touchstone {

/// Sums over the rows of an epoch, from which Keras's means are taken. In double, also in float32 runs.
class RunningMeans {
 public:
  void add(double mean_loss, std::int64_t correct, std::int64_t rows) {
    loss_ += mean_loss * static_cast<double>(rows);
    correct_ += correct;
    rows_ += rows;
  }
  double loss() const { return loss_ / static_cast<double>(rows_); }
  double accuracy() const { return static_cast<double>(correct_) / static_cast<double>(rows_); }

 private:
  double loss_ = 0.0;
  std::int64_t correct_ = 0;
  std::int64_t rows_ = 0;
};

}  // namespace touchstone
