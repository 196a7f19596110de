#include "training/evaluation.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "model/dense_network.h"
#include "training/running_means.h"
#include "training/training_spec.h"

namespace touchstone {

Evaluation evaluate(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                    const at::Tensor& y) {
  const at::NoGradGuard no_grad;
  const at::Tensor logits = DenseNetwork(spec.hidden, parameters).logits(x);
  const at::Tensor losses = reported_losses(evaluation_loss(spec.loss), logits, y);
  if (spec.validates_by_batch) {
    RunningMeans means;
    const std::int64_t rows = y.size(0);
    for (std::int64_t begin = 0; begin < rows; begin += spec.batches.batch_size) {
      const std::int64_t length = std::min(spec.batches.batch_size, rows - begin);
      means.add(losses.narrow(0, begin, length).mean().item<double>(),
                count_correct(logits.narrow(0, begin, length), y.narrow(0, begin, length)).item<std::int64_t>(),
                length);
    }
    return {means.loss_by_batch(), means.accuracy_by_batch()};
  }
  return {losses.mean().item<double>(),
          static_cast<double>(count_correct(logits, y).item<std::int64_t>()) / static_cast<double>(y.size(0))};
}

Evaluation train_evaluation(const TrainingSpec& spec, const RunningMeans& means,
                            const std::vector<at::Tensor>& parameters, const at::Tensor& x, const at::Tensor& y) {
  using TrainMetrics = TrainingSpec::TrainMetrics;
  if (spec.train_metrics == TrainMetrics::over_batches) return {means.loss(), means.accuracy()};
  if (spec.train_metrics == TrainMetrics::mean_of_batches) return {means.loss_by_batch(), means.accuracy_by_batch()};
  TrainingSpec whole = spec;
  whole.validates_by_batch = false;
  return evaluate(whole, parameters, x, y);
}

}  // namespace touchstone
