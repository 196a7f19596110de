#include "check/forward.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include <algorithm>

#include "check/site.h"
#include "model/dense_network.h"
#include "model/loss.h"
#include "tolerance/noisy_network.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {

std::int64_t count_undecided(const at::Tensor& logits, double ulp) {
  // A candidate carries some hundreds of its units through its sums of products.
  const double share = 1000.0 * ulp;
  // A saturated unit's output that underflows takes its whole weight with it.
  constexpr double max_lost = 1000.0 * underflow;
  if (logits.size(1) < 2) return 0;
  const at::Tensor top = std::get<0>(logits.topk(2, 1));
  const at::Tensor margin = top.select(1, 0) - top.select(1, 1);
  // So that what is not finite is undecided: libraries do not agree on the largest of NaN and others.
  return margin.gt(logits.abs().amax(1) * share + max_lost).logical_not().sum().item<std::int64_t>();
}

Outcome outcome_of(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                   const at::Tensor& y, const at::Tensor& weights, double ulp) {
  const at::NoGradGuard no_grad;
  const at::Tensor logits = DenseNetwork(spec.hidden, parameters).logits(x);
  const at::Tensor losses = reported_losses(evaluation_loss(spec.loss), logits, y);
  const at::Tensor correct = logits.argmax(-1).eq(y);
  return {(losses * weights).sum().item<double>(), correct.sum().item<std::int64_t>(), count_undecided(logits, ulp),
          (correct * weights).sum().item<double>(), weights.max().item<double>()};
}

at::Tensor equal_weights(std::int64_t rows) { return at::full({rows}, 1.0 / static_cast<double>(rows), at::kDouble); }

at::Tensor validation_weights(const TrainingSpec& spec, std::int64_t rows) {
  at::Tensor weights = equal_weights(rows);
  if (!spec.validates_by_batch) return weights;
  const std::int64_t size = spec.batches.batch_size;
  const auto batches = static_cast<double>((rows + size - 1) / size);
  for (std::int64_t begin = 0; begin < rows; begin += size) {
    const std::int64_t length = std::min(size, rows - begin);
    weights.narrow(0, begin, length).fill_(1.0 / (batches * static_cast<double>(length)));
  }
  return weights;
}

std::optional<Outcome> validation_outcome(const Candidate& candidate, const TrainingSpec& spec,
                                          const TrainingData& data, std::int64_t epoch) {
  const auto parameters =
      candidate.parameters_after_epoch(epoch, updates_per_epoch(spec.batches, candidate.trace.rows()));
  if (!parameters) return {};
  return outcome_of(spec, *parameters, data.test_x, data.test_y, validation_weights(spec, data.test_y.size(0)),
                    candidate.ulp());
}

NoiseEstimate validation_loss(const Candidate& candidate, const TrainingSpec& spec, const TrainingData& data,
                              std::int64_t epoch, double exact) {
  const std::int64_t updates = updates_per_epoch(spec.batches, candidate.trace.rows());
  const auto measure = [&candidate, &spec, &data, exact, time = epoch_site("epoch/val_loss", epoch, updates).time,
                        parameters = candidate.parameters_after_epoch(epoch, updates).value()](std::uint32_t attempt) {
    if (attempt == 0) return Observations{{"epoch/val_loss", {exact}}};
    Noise noise = noise_of(candidate.precision(), attempt, time);
    const std::vector<at::Tensor> moved_parameters = perturb_ulp(parameters, noise);
    const Loss loss = evaluation_loss(spec.loss);
    const NoisyNetwork network(spec.hidden, loss, moved_parameters, noise);
    return Observations{{"epoch/val_loss",
                         {network.mean_loss(data.test_x, data.test_y, validation_weights(spec, data.test_y.size(0)))}}};
  };
  return {measure, candidate.ulp()};
}

}  // namespace touchstone
