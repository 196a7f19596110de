#include "training/batch_gradients.h"

#include <ATen/core/Tensor.h>

#include "experiment/config.h"
#include "model/dense_network.h"
#include "model/loss.h"
#include "training/recipe.h"

namespace touchstone {

BatchOutcome differentiate(const DenseNetwork& network, LossFrom loss_from, const std::vector<at::Tensor>& parameters,
                           const at::Tensor& x, const at::Tensor& y, double divisor, const Recipe& recipe,
                           const BatchRounding* rounding, at::Tensor* logits) {
  for (at::Tensor parameter : parameters) parameter.mutable_grad().reset();
  const at::Tensor outputs = network.logits(x);
  at::Tensor losses = cross_entropy(loss_from, outputs, y);
  if (rounding != nullptr) {
    losses = losses + rounding->of_losses(outputs.detach());
    outputs.register_hook(
        [&](const at::Tensor& gradient) { return gradient + rounding->of_gradient(outputs.detach(), gradient); });
  }
  const at::Tensor loss = losses.sum() / divisor;
  loss.backward();
  if (recipe.change_gradients) recipe.change_gradients(parameters);
  if (logits != nullptr) *logits = outputs.detach();
  return {loss.item<double>(), count_correct(outputs.detach(), y).item<std::int64_t>()};
}

}  // namespace touchstone
