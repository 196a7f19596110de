#include "tolerance/noisy_step.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "tolerance/noisy_network.h"
#include "tolerance/rounding.h"

namespace touchstone {

PerturbedStep::PerturbedStep(const TrainingSpec& spec, std::vector<at::Tensor> parameters, Noise& noise)
    : parameters_(std::move(parameters)), step_(spec, parameters_), noise_(noise) {}

BatchOutcome PerturbedStep::differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) {
  const BatchOutcome outcome = step_.differentiate(x, y, divisor);
  for (const at::Tensor& parameter : parameters_) parameter.grad().copy_(perturb_ulp(parameter.grad(), noise_));
  return outcome;
}

NoisyStep::NoisyStep(const TrainingSpec& spec, std::vector<at::Tensor> parameters, Noise& noise)
    : spec_(spec),
      parameters_(std::move(parameters)),
      noise_(noise),
      rule_(parameters_, formula_of(spec.update), spec.update.pipeline, noise) {}

BatchOutcome NoisyStep::differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) {
  std::vector<at::Tensor> in_double;
  for (const at::Tensor& parameter : parameters_) in_double.push_back(parameter.detach().to(at::kDouble));
  const at::Tensor rows = x.to(at::kDouble);
  const NoisyBatch batch = NoisyNetwork(spec_.hidden, spec_.loss, in_double, noise_).differentiate(rows, y, divisor);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].mutable_grad() = batch.gradients[i].to(parameters_[i].scalar_type());
  }
  add_l2(spec_.l2, parameters_);
  if (spec_.accumulates_gradients) sums_.add_to(parameters_);
  const at::NoGradGuard no_grad;
  const at::Tensor logits = DenseNetwork(spec_.hidden, in_double).logits(rows);
  return {batch.loss, count_correct(logits, y).item<std::int64_t>()};
}

}  // namespace touchstone
