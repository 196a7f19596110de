#include "check/forward.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

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
                   const at::Tensor& y, double ulp) {
  const at::NoGradGuard no_grad;
  const at::Tensor logits = DenseNetwork(spec.hidden, parameters).logits(x);
  const at::Tensor losses = reported_losses(spec.loss, logits, y);
  return {losses.mean().item<double>(), count_correct(logits, y).item<std::int64_t>(), count_undecided(logits, ulp)};
}

std::optional<Outcome> validation_outcome(const Candidate& candidate, const TrainingSpec& spec,
                                          const TrainingData& data, std::int64_t epoch) {
  const auto parameters =
      candidate.parameters_after_epoch(epoch, updates_per_epoch(spec.batches, candidate.trace.rows()));
  if (!parameters) return {};
  return outcome_of(spec, *parameters, data.test_x, data.test_y, candidate.ulp());
}

NoiseEstimate validation_loss(const Candidate& candidate, const TrainingSpec& spec, const TrainingData& data,
                              std::int64_t epoch, double exact) {
  const std::int64_t updates = updates_per_epoch(spec.batches, candidate.trace.rows());
  const auto measure = [&candidate, &spec, &data, exact, time = epoch_site("epoch/val_loss", epoch, updates).time,
                        parameters = candidate.parameters_after_epoch(epoch, updates).value()](std::uint32_t attempt) {
    if (attempt == 0) return Observations{{"epoch/val_loss", {exact}}};
    Noise noise = noise_of(candidate.precision(), attempt, time);
    const std::vector<at::Tensor> moved_parameters = perturb_ulp(parameters, noise);
    const NoisyNetwork network(spec.hidden, spec.loss, moved_parameters, noise);
    return Observations{{"epoch/val_loss", {network.mean_loss(data.test_x, data.test_y)}}};
  };
  return {measure, candidate.ulp()};
}

}  // namespace touchstone
