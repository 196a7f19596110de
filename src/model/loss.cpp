#include "model/loss.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>

#include "experiment/model_config.h"

namespace touchstone {
namespace {

at::Tensor of_class(const at::Tensor& values, const at::Tensor& classes) {
  return values.gather(1, classes.unsqueeze(1)).squeeze(1);
}

}  // namespace

at::Tensor cross_entropy(LossFrom from, const at::Tensor& logits, const at::Tensor& classes, double epsilon) {
  if (from == LossFrom::logits) return of_class(at::log_softmax(logits, -1), classes).neg();
  const at::Tensor probabilities = at::softmax(logits, -1).clamp(epsilon, 1.0 - epsilon);
  return of_class(probabilities, classes).log().neg();
}

at::Tensor count_correct(const at::Tensor& logits, const at::Tensor& classes) {
  return logits.argmax(-1).eq(classes).sum();
}

}  // namespace touchstone
