#pragma once

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"

namespace touchstone {

struct Recipe;

/// The losses [B] of logits [B, C] and classes [B] whose gradients a run takes, and those that it reports: the
/// configuration's, unless the recipe has others.
at::Tensor differentiated_losses(const Recipe& recipe, LossFrom from, const at::Tensor& logits,
                                 const at::Tensor& classes);
at::Tensor reported_losses(const Recipe& recipe, LossFrom from, const at::Tensor& logits, const at::Tensor& classes);

}  // namespace touchstone
