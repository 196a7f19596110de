#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "model/activations.h"
#include "model/loss.h"
#include "training/batch_gradients.h"
#include "training/batch_plan.h"
#include "training/rate_schedule.h"
#include "training/update_spec.h"

namespace touchstone {

/// A training as a value: all that `fit` does with the data, from the start to the last update. A configuration's is
/// spec_of's; every other value of a field is what an engine may do instead.
struct TrainingSpec {
  /// When an epoch's training loss and accuracy are measured: over its batches, each before its update, as Keras does;
  /// or once, after its last update; or as the mean of its batches' means, whatever their lengths.
  enum class TrainMetrics { over_batches, after_epoch, mean_of_batches };

  std::vector<Activation> hidden;  ///< of each layer but the last
  Loss loss;
  L2 l2;                               ///< before gradients are recorded
  bool accumulates_gradients = false;  ///< each update's are added to those of all before, as if never cleared
  UpdateSpec update;
  RateSchedule rates;
  BatchPlan batches;
  TrainMetrics train_metrics = TrainMetrics::over_batches;
  bool validates_by_batch =
      false;  ///< the test rows' metrics are the mean of their batches' means, whatever their lengths
  bool reads_kernels_transposed = false;  ///< takes the start's kernels for [out, in]
  std::int64_t epochs = 1;
};

bool operator==(const TrainingSpec& a, const TrainingSpec& b);

TrainingSpec spec_of(const RunConfig& config);

/// The parameters that the training begins with, where `start` is given: `start` itself, or changed copies.
std::vector<at::Tensor> start_of(const TrainingSpec& spec, const std::vector<at::Tensor>& start);

/// A line per part of it: "batches of 32", "p = p - lr*g".
std::vector<std::string> lines_of(const TrainingSpec& spec);

}  // namespace touchstone
