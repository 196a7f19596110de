#include "model/dense_network.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <utility>

#include "experiment/model_config.h"
#include "model/initializers.h"

namespace touchstone {

struct DenseNetwork::Layer {
  at::Tensor kernel;
  at::Tensor bias;
  const ActivationEntry* activation;  ///< null: the last, whose softmax belongs to the loss
  double slope;
};

DenseNetwork::DenseNetwork(const std::vector<Activation>& hidden, const std::vector<at::Tensor>& parameters) {
  std::vector<Layer> layers;
  for (std::size_t i = 0; 2 * i < parameters.size(); ++i) {
    const at::Tensor& kernel = parameters.at(2 * i);
    const at::Tensor& bias = parameters.at(2 * i + 1);
    const bool is_hidden = i < hidden.size();
    layers.push_back({kernel.set_requires_grad(true), bias.set_requires_grad(true),
                      is_hidden ? &find_activation(hidden[i].name) : nullptr, is_hidden ? hidden[i].slope : 0.0});
  }
  layers_ = std::make_shared<const std::vector<Layer>>(std::move(layers));
}

at::Tensor DenseNetwork::logits(const at::Tensor& x) const {
  at::Tensor values = x;
  for (const Layer& layer : *layers_) {
    values = at::addmm(layer.bias, values, layer.kernel);
    if (layer.activation != nullptr) values = layer.activation->of(values, layer.slope);
  }
  return values;
}

std::vector<Activation> hidden_activations(const ModelConfig& config) {
  std::vector<Activation> hidden;
  for (std::size_t i = 0; i + 1 < config.layers.size(); ++i) hidden.push_back({config.layers[i].activation});
  return hidden;
}

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
