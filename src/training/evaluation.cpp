#include "training/evaluation.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "model/dense_network.h"
#include "training/running_means.h"
#include "training/training_spec.h"

namespace touchstone {

Evaluation evaluate(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                    const at::Tensor& y) {
  const at::NoGradGuard no_grad;
  const at::Tensor logits = DenseNetwork(spec.hidden, parameters).logits(x);
  return {reported_losses(spec.loss, logits, y).mean().item<double>(),
          static_cast<double>(count_correct(logits, y).item<std::int64_t>()) / static_cast<double>(y.size(0))};
}

Evaluation train_evaluation(const TrainingSpec& spec, const RunningMeans& means,
                            const std::vector<at::Tensor>& parameters, const at::Tensor& x, const at::Tensor& y) {
  const bool is_over_batches = spec.train_metrics == TrainingSpec::TrainMetrics::over_batches;
  return is_over_batches ? Evaluation{means.loss(), means.accuracy()} : evaluate(spec, parameters, x, y);
}

}  // namespace touchstone
