#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"

namespace touchstone {

class DenseNetwork;
struct Recipe;

/// A batch's mean loss and its number of correctly classified rows.
struct BatchOutcome {
  double loss;
  std::int64_t correct;
};

/// The forward and backward pass of one batch, used by `fit` and by the verifier: x [B, features], y [B]. The
/// gradients, of the rows' losses summed and divided by `divisor`, are in the grad() of `parameters`, the network's
/// own, after `recipe.change_gradients`. `logits`, if given, is set to [B, C].
BatchOutcome differentiate(const DenseNetwork& network, LossFrom loss_from, const std::vector<at::Tensor>& parameters,
                           const at::Tensor& x, const at::Tensor& y, double divisor, const Recipe& recipe,
                           at::Tensor* logits = nullptr);

}  // namespace touchstone
