#include "training/batch_gradients.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include "experiment/model_config.h"
#include "model/dense_network.h"
#include "model/loss.h"
#include "training/losses.h"
#include "training/recipe.h"

namespace touchstone {

BatchOutcome differentiate(const DenseNetwork& network, LossFrom loss_from, const std::vector<at::Tensor>& parameters,
                           const at::Tensor& x, const at::Tensor& y, double divisor, const Recipe& recipe,
                           at::Tensor* logits) {
  for (const at::Tensor& parameter : parameters) parameter.mutable_grad().reset();
  const at::Tensor outputs = network.logits(x);
  const at::Tensor loss = differentiated_losses(recipe, loss_from, outputs, y).sum() / divisor;
  loss.backward();
  if (recipe.change_gradients) recipe.change_gradients(parameters);
  if (logits != nullptr) *logits = outputs.detach();
  const at::Tensor reported =
      recipe.reported_losses ? recipe.reported_losses(outputs.detach(), y).sum() / divisor : loss;
  return {reported.item<double>(), count_correct(outputs.detach(), y).item<std::int64_t>()};
}

}  // namespace touchstone
