#include "training/losses.h"

#include <ATen/core/Tensor.h>

#include "experiment/model_config.h"
#include "model/loss.h"
#include "training/recipe.h"

namespace touchstone {

at::Tensor differentiated_losses(const Recipe& recipe, LossFrom from, const at::Tensor& logits,
                                 const at::Tensor& classes) {
  return recipe.losses ? recipe.losses(logits, classes) : cross_entropy(from, logits, classes, recipe.clip_epsilon);
}

at::Tensor reported_losses(const Recipe& recipe, LossFrom from, const at::Tensor& logits, const at::Tensor& classes) {
  if (recipe.reported_losses) return recipe.reported_losses(logits, classes);
  return differentiated_losses(recipe, from, logits, classes);
}

}  // namespace touchstone
