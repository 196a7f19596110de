#include "training/batch_gradients.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "model/dense_network.h"

namespace touchstone {

BatchOutcome differentiate(const DenseNetwork& network, const Loss& loss, const L2& l2,
                           const std::vector<at::Tensor>& parameters, const at::Tensor& x, const at::Tensor& y,
                           double divisor, at::Tensor* logits) {
  for (const at::Tensor& parameter : parameters) parameter.mutable_grad().reset();
  const at::Tensor outputs = network.logits(x);
  const at::Tensor mean = differentiated_losses(loss, outputs, y).sum() / divisor;
  mean.backward();
  add_l2(l2, parameters);
  if (logits != nullptr) *logits = outputs.detach();
  const bool is_reported = loss.reported == Loss::Reported::as_differentiated;
  const at::Tensor reported = is_reported ? mean : reported_losses(loss, outputs.detach(), y).sum() / divisor;
  return {reported.item<double>(), count_correct(outputs.detach(), y).item<std::int64_t>()};
}

void add_l2(const L2& l2, const std::vector<at::Tensor>& parameters) {
  if (l2.factor == 0.0) return;
  const at::NoGradGuard no_grad;
  for (const at::Tensor& parameter : parameters) {
    if (parameter.dim() == 2 || l2.of_biases) parameter.grad().add_(parameter, l2.factor);
  }
}

}  // namespace touchstone
