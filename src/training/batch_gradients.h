#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"
#include "model/loss.h"

namespace touchstone {

class DenseNetwork;

/// A gradient's share of the parameters, as the loss's L2 regularization gives it: `factor` times each.
struct L2 {
  double factor = 0.0;
  bool of_biases = false;  ///< not of kernels alone

  friend bool operator==(const L2& a, const L2& b) { return a.factor == b.factor && a.of_biases == b.of_biases; }
};

/// A batch's mean loss and its number of correctly classified rows.
struct BatchOutcome {
  double loss;
  std::int64_t correct;
};

/// The forward and backward pass of one batch, used by `fit` and by the verifier: x [B, features], y [B]. The
/// gradients, of the rows' losses summed and divided by `divisor`, are in the grad() of `parameters`, the network's
/// own, and have their share of the parameters. `logits`, if given, is set to [B, C].
BatchOutcome differentiate(const DenseNetwork& network, const Loss& loss, const L2& l2,
                           const std::vector<at::Tensor>& parameters, const at::Tensor& x, const at::Tensor& y,
                           double divisor, at::Tensor* logits = nullptr);

/// Adds it to the grad() of `parameters`.
void add_l2(const L2& l2, const std::vector<at::Tensor>& parameters);

}  // namespace touchstone
