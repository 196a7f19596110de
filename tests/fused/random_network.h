#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/randn.h>

#include <random>
#include <string>
#include <vector>

#include "experiment/model_config.h"
#include "model/activations.h"

namespace touchstone {

struct Network {
  ModelConfig config;
  std::int64_t features = 0;
};

inline Network random_network(std::mt19937& random) {
  const std::vector<std::int64_t> widths = {1, 2, 3, 7, 8, 9, 16, 17, 31, 50};
  std::vector<std::string> names;
  for (const ActivationEntry& activation : activations()) {
    if (activation.name != "softmax") names.push_back(activation.name);
  }
  Network network;
  network.features = widths[random() % widths.size()];
  for (std::size_t hidden = random() % 4; hidden > 0; --hidden) {
    network.config.layers.push_back(
        {widths[random() % widths.size()], names[random() % names.size()], "glorot_uniform"});
  }
  network.config.layers.push_back({static_cast<std::int64_t>(2 + random() % 18), "softmax", "glorot_uniform"});
  network.config.loss_from = random() % 2 == 0 ? LossFrom::logits : LossFrom::probabilities;
  return network;
}

inline std::string describe(const Network& network) {
  std::string text = std::to_string(network.features);
  for (const LayerConfig& layer : network.config.layers) {
    text += "-" + std::to_string(layer.units) + " " + layer.activation;
  }
  return text + (network.config.loss_from == LossFrom::logits ? ", logits" : ", probabilities");
}

/// Reals of about unit size, biases too.
inline std::vector<at::Tensor> random_parameters(const Network& network, at::ScalarType dtype) {
  std::vector<at::Tensor> parameters;
  std::int64_t inputs = network.features;
  for (const LayerConfig& layer : network.config.layers) {
    parameters.push_back(at::randn({inputs, layer.units}, at::kDouble).to(dtype));
    parameters.push_back(at::randn({layer.units}, at::kDouble).to(dtype));
    inputs = layer.units;
  }
  return parameters;
}

}  // namespace touchstone
