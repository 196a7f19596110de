#include "model/dense_network.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <torch/nn/module.h>

#include <utility>

#include "experiment/config.h"
#include "model/activations.h"
#include "model/initializers.h"

namespace touchstone {

class DenseNetwork::Layers : public torch::nn::Module {
 public:
  Layers(const ModelConfig& config, const std::vector<at::Tensor>& parameters) {
    for (std::size_t i = 0; i < config.layers.size(); ++i) {
      layers_.push_back(register_module(
          "dense_" + std::to_string(i),
          std::make_shared<Dense>(parameters.at(2 * i), parameters.at(2 * i + 1), config.layers[i].activation)));
    }
  }

  at::Tensor logits(const at::Tensor& x) const {
    at::Tensor activations = x;
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) activations = layers_[i]->forward(activations);
    return layers_.back()->logits(activations);
  }

 private:
  /// y = activation(x kernel + bias), x [B, in].
  class Dense : public torch::nn::Module {
   public:
    Dense(at::Tensor kernel, at::Tensor bias, const std::string& activation)
        : kernel_(register_parameter("kernel", std::move(kernel))),
          bias_(register_parameter("bias", std::move(bias))),
          activation_(find_activation(activation)) {}

    /// [B, in] -> [B, out], before the activation.
    at::Tensor logits(const at::Tensor& x) const { return at::addmm(bias_, x, kernel_); }
    /// [B, in] -> [B, out].
    at::Tensor forward(const at::Tensor& x) const { return activation_.of(logits(x)); }

   private:
    at::Tensor kernel_;
    at::Tensor bias_;
    const Activation& activation_;
  };

  std::vector<std::shared_ptr<Dense>> layers_;
};

DenseNetwork::DenseNetwork(const ModelConfig& config, const std::vector<at::Tensor>& parameters)
    : layers_(std::make_shared<Layers>(config, parameters)) {}

at::Tensor DenseNetwork::logits(const at::Tensor& x) const { return layers_->logits(x); }

std::vector<std::string> parameter_names(std::size_t layers) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < layers; ++i) {
    names.push_back("dense_" + std::to_string(i) + "/kernel");
    names.push_back("dense_" + std::to_string(i) + "/bias");
  }
  return names;
}

std::vector<at::Tensor> draw_parameters(const ModelConfig& config, std::int64_t features, RandomState& random,
                                        at::ScalarType dtype) {
  std::vector<at::Tensor> parameters;
  std::int64_t fan_in = features;
  for (const LayerConfig& layer : config.layers) {
    std::vector<double> kernel = draw_kernel(layer.kernel_initializer, fan_in, layer.units, random);
    parameters.push_back(
        at::from_blob(kernel.data(), {fan_in, layer.units}, at::TensorOptions(at::kDouble)).to(dtype).clone());
    parameters.push_back(at::zeros({layer.units}, dtype));
    fan_in = layer.units;
  }
  return parameters;
}

}  // namespace touchstone
