#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/random_state.h"
#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "model/activations.h"

namespace touchstone {

/// Fully connected layers in a row, the last a softmax over classes. Their parameters are, in order, dense_0/kernel,
/// dense_0/bias, dense_1/kernel, ... in Keras's layout: kernel [in, out], bias [out].
class DenseNetwork {
 public:
  /// `parameters` are kernel and bias of each layer; they are used as they are, and require gradients after. `hidden`:
  /// the activations of all layers but the last.
  DenseNetwork(const std::vector<Activation>& hidden, const std::vector<at::Tensor>& parameters);

  /// [B, features] -> [B, classes], before the softmax.
  at::Tensor logits(const at::Tensor& x) const;

 private:
  struct Layer;
  std::shared_ptr<const std::vector<Layer>> layers_;
};

/// The activations of all layers but the last.
std::vector<Activation> hidden_activations(const ModelConfig& config);

/// "dense_0/kernel", "dense_0/bias", "dense_1/kernel", ...
std::vector<std::string> parameter_names(std::size_t layers);

/// Draws the initial parameters, kernels layer by layer from `random`, in float64 and then cast to `dtype`.
std::vector<at::Tensor> draw_parameters(const ModelConfig& config, std::int64_t features, RandomState& random,
                                        at::ScalarType dtype);

}  // namespace touchstone
