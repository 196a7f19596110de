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
    loss_means_ += mean_loss;
    accuracy_means_ += static_cast<double>(correct) / static_cast<double>(rows);
    ++batches_;
  }
  double loss() const { return loss_ / static_cast<double>(rows_); }
  double accuracy() const { return static_cast<double>(correct_) / static_cast<double>(rows_); }

  // The means of the batches' means, whatever their lengths.
  double loss_by_batch() const { return loss_means_ / static_cast<double>(batches_); }
  double accuracy_by_batch() const { return accuracy_means_ / static_cast<double>(batches_); }

 private:
  double loss_ = 0.0;
  std::int64_t correct_ = 0;
  std::int64_t rows_ = 0;
  double loss_means_ = 0.0;
  double accuracy_means_ = 0.0;
  std::int64_t batches_ = 0;
};

}  // namespace touchstone
