#include "training/training_step.h"

#include <ATen/core/grad_mode.h>

#include <utility>

namespace touchstone {

AutogradStep::AutogradStep(const TrainingSpec& spec, std::vector<at::Tensor> parameters)
    : spec_(spec),
      parameters_(std::move(parameters)),
      network_(spec.hidden, parameters_),
      rule_(make_rule(spec.update, parameters_)) {}

BatchOutcome AutogradStep::differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) {
  const BatchOutcome outcome = touchstone::differentiate(network_, spec_.loss, spec_.l2, parameters_, x, y, divisor);
  if (spec_.accumulates_gradients) sums_.add_to(parameters_);
  return outcome;
}

void GradientSums::add_to(const std::vector<at::Tensor>& parameters) {
  const at::NoGradGuard no_grad;
  sums_.resize(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    at::Tensor& gradient = parameters[i].mutable_grad();
    if (sums_[i].defined()) gradient.add_(sums_[i]);
    sums_[i] = gradient.clone();
  }
}

}  // namespace touchstone
