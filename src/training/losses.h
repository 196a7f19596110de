#pragma once

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"

namespace touchstone {

struct Recipe;

/// The losses [B] from logits [B, C] and classes [B]: those that are differentiated and those that are reported. They
/// are the configuration's, unless the recipe replaces them.
at::Tensor differentiated_losses(const Recipe& recipe, LossFrom from, const at::Tensor& logits,
                                 const at::Tensor& classes);
at::Tensor reported_losses(const Recipe& recipe, LossFrom from, const at::Tensor& logits, const at::Tensor& classes);

}  // namespace touchstone
