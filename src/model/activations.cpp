#include "model/activations.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>

#include "experiment/find_named.h"

namespace touchstone {

const std::vector<Activation>& activations() {
  static const std::vector<Activation> all = {
      {"linear", [](const at::Tensor& x) { return x; }, nullptr, LayerActivation::linear},
      {"relu", [](const at::Tensor& x) { return at::relu(x); }, nullptr, LayerActivation::relu},
      {"sigmoid", [](const at::Tensor& x) { return at::sigmoid(x); }, [](const at::Tensor& a) { return a * (1.0 - a); },
       LayerActivation::sigmoid},
      {"softmax", [](const at::Tensor& x) { return at::softmax(x, -1); }, nullptr, LayerActivation::linear},
      {"tanh", [](const at::Tensor& x) { return at::tanh(x); }, [](const at::Tensor& a) { return 1.0 - a * a; },
       LayerActivation::tanh},
  };
  return all;
}

const Activation& find_activation(const std::string& name) {
  return find_named(activations(), name, "activation", [](const Activation& activation) { return activation.name; });
}

}  // namespace touchstone
