#include "model/loss.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>

#include <limits>

namespace touchstone {
namespace {

at::Tensor of_class(const at::Tensor& values, const at::Tensor& classes) {
  return values.gather(1, classes.unsqueeze(1)).squeeze(1);
}

at::Tensor cross_entropy(const Loss& loss, const at::Tensor& logits, const at::Tensor& classes) {
  if (loss.from == LossFrom::logits) {
    const at::Tensor logs = at::log_softmax(loss.takes_softmax_twice ? at::softmax(logits, -1) : logits, -1);
    const at::Tensor losses = of_class(logs, classes).neg();
    return loss.smoothing == 0.0 ? losses : (1.0 - loss.smoothing) * losses - loss.smoothing * logs.mean(-1);
  }
  const at::Tensor probabilities = at::softmax(logits, -1).clamp(loss.epsilon, 1.0 - loss.epsilon);
  return of_class(probabilities, classes).log().neg();
}

at::Tensor changed(const Loss& loss, const at::Tensor& probabilities) {
  switch (loss.reported) {
    case Loss::Reported::clipped_below: return probabilities.clamp_min(loss.reported_epsilon);
    case Loss::Reported::clipped: return probabilities.clamp(loss.reported_epsilon, 1.0 - loss.reported_epsilon);
    case Loss::Reported::padded: return probabilities + loss.reported_epsilon;
    case Loss::Reported::as_differentiated: break;
  }
  return probabilities;
}

}  // namespace

at::Tensor differentiated_losses(const Loss& loss, const at::Tensor& logits, const at::Tensor& classes) {
  at::Tensor losses = cross_entropy(loss, logits, classes);
  if (!loss.vanishes_below) return losses;
  const at::Tensor exponents = logits.detach() - logits.detach().amax(1, true);
  const at::Tensor vanished = exponents.lt(*loss.vanishes_below).any(1);
  return losses * at::where(vanished, std::numeric_limits<double>::quiet_NaN(), 1.0);
}

at::Tensor reported_losses(const Loss& loss, const at::Tensor& logits, const at::Tensor& classes) {
  if (loss.reported == Loss::Reported::as_differentiated) return differentiated_losses(loss, logits, classes);
  return changed(loss, of_class(logits.softmax(1), classes)).log().neg();
}

Loss evaluation_loss(Loss loss) {
  loss.smoothing = 0.0;
  return loss;
}

at::Tensor count_correct(const at::Tensor& logits, const at::Tensor& classes) {
  return logits.argmax(-1).eq(classes).sum();
}

}  // namespace touchstone
