#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>
#include <vector>

#include "data/random_state.h"
#include "experiment/config.h"
#include "model/activations.h"

namespace touchstone {

/// A fully connected layer with Keras's layout: y = activation(x kernel + bias), x [B, in], kernel [in, out],
/// bias [out].
class Dense : public torch::nn::Module {
 public:
  Dense(at::Tensor kernel, at::Tensor bias, const std::string& activation);

  /// [B, in] -> [B, out], before the activation.
  at::Tensor logits(const at::Tensor& x) const { return at::addmm(bias_, x, kernel_); }
  /// [B, in] -> [B, out].
  at::Tensor forward(const at::Tensor& x) const { return activation_(logits(x)); }

 private:
  at::Tensor kernel_;
  at::Tensor bias_;
  Activation activation_;
};

/// Layers in a row, the last a softmax over classes. Its parameters are, in order, dense_0/kernel,
/// dense_0/bias, dense_1/kernel, ...
class DenseNetwork : public torch::nn::Module {
 public:
  /// `parameters` are kernel and bias of each layer; they are used as they are, and require gradients after.
  DenseNetwork(const ModelConfig& config, const std::vector<at::Tensor>& parameters);

  /// [B, features] -> [B, classes], before the softmax.
  at::Tensor logits(const at::Tensor& x) const;

 private:
  std::vector<std::shared_ptr<Dense>> layers_;
};

/// "dense_0/kernel", "dense_0/bias", "dense_1/kernel", ...
std::vector<std::string> parameter_names(std::size_t layers);

/// Draws the initial parameters, kernels layer by layer from `random`, in float64 and then cast to `dtype`.
std::vector<at::Tensor> draw_parameters(const ModelConfig& config, std::int64_t features, RandomState& random,
                                        at::ScalarType dtype);

}  // namespace touchstone
