#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"

namespace touchstone {

class DenseNetwork;
struct Recipe;

/// A batch's mean loss, as trained on, and how many of its rows are answered right.
struct BatchOutcome {
  double loss;
  std::int64_t correct;
};

/// One batch forwards and backwards, as `fit` does each and the verifier single ones: x [B, features], y [B]. The
/// gradients, of the rows' losses summed and divided by `divisor`, are in the grad() of `parameters`, the network's
/// own, after `recipe.change_gradients`. `logits`, if given, is set to [B, C].
BatchOutcome differentiate(const DenseNetwork& network, LossFrom loss_from, const std::vector<at::Tensor>& parameters,
                           const at::Tensor& x, const at::Tensor& y, double divisor, const Recipe& recipe,
                           at::Tensor* logits = nullptr);

}  // namespace touchstone
