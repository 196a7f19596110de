#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

#include "data/tensor_fwd.h"
#include "kernel/noise.h"
#include "model/activations.h"
#include "model/loss.h"

namespace touchstone {

/// A batch as rounding may make it.
struct NoisyBatch {
  double loss = 0.0;
  std::vector<at::Tensor> gradients;  ///< of kernel and bias of each layer
};

/// A dense network with softmax and cross-entropy, read in float64 with the rounding that a Noise draws after each
/// operation: sums of products in any order, those over rows also one row after the other, the mathematics library to
/// two units, the loss by any of its formulas.
/// What rounding alone decides (which side of a relu's corner, whether a probability is clipped) falls by chance.
class NoisyNetwork {
 public:
  /// `hidden`: the activations of all layers but the last. `parameters`: kernel and bias of each layer, float64. All
  /// must outlive the network.
  NoisyNetwork(const std::vector<Activation>& hidden, const Loss& loss, const std::vector<at::Tensor>& parameters,
               Noise& noise)
      : hidden_(hidden),
        loss_(loss),
        parameters_(parameters),
        noise_(noise),
        sums_in_order_(noise.is_active() && noise.sign() > 0.0) {}

  /// The mean loss of rows x [B, features] with classes y [B], which have `weights` [B] that add up to 1.
  double mean_loss(const at::Tensor& x, const at::Tensor& y, const at::Tensor& weights) const;

  /// Losses summed and divided by `divisor`, and its gradients.
  NoisyBatch differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) const;

 private:
  struct Layer {
    at::Tensor input;  ///< [B, in]
    at::Tensor sums;   ///< [B, out], before the activation
    at::Tensor sizes;  ///< [B, out], of the sums' terms added up
  };

  at::Tensor moved_sums(const at::Tensor& exact, const at::Tensor& sizes) const;
  std::vector<Layer> forward(const at::Tensor& x) const;
  at::Tensor losses(const at::Tensor& logits, const at::Tensor& y) const;
  at::Tensor less_targets(const at::Tensor& probabilities, const at::Tensor& y) const;
  at::Tensor through_softmax(const at::Tensor& probabilities, const at::Tensor& y, double divisor) const;
  at::Tensor gradient_of_logits(const at::Tensor& logits, const at::Tensor& y, double divisor) const;
  static at::Tensor size_of(const Activation& activation, const at::Tensor& value, const at::Tensor& sums);
  at::Tensor slope(std::size_t index, const Layer& layer) const;
  at::Tensor sum_over_rows(const at::Tensor& left, const at::Tensor& right) const;

  const std::vector<Activation>& hidden_;
  const Loss& loss_;
  const std::vector<at::Tensor>& parameters_;
  Noise& noise_;
  bool sums_in_order_;  ///< over rows: from the first to the last, in the candidate's precision
};

}  // namespace touchstone
