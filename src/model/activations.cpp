#include "model/activations.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/mish.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/selu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>

#include <algorithm>

#include "experiment/find_named.h"

namespace touchstone {

const std::vector<ActivationEntry>& activations() {
  static const std::vector<ActivationEntry> all = {
      {"linear", [](const at::Tensor& z, double) { return z; }, nullptr, LayerActivation::linear},
      {"relu", [](const at::Tensor& z, double) { return at::relu(z); }, nullptr, LayerActivation::relu},
      {"sigmoid", [](const at::Tensor& z, double) { return at::sigmoid(z); },
       [](const at::Tensor& a) { return a * (1.0 - a); }, LayerActivation::sigmoid},
      {"softmax", [](const at::Tensor& z, double) { return at::softmax(z, -1); }, nullptr, LayerActivation::linear},
      {"tanh", [](const at::Tensor& z, double) { return at::tanh(z); }, [](const at::Tensor& a) { return 1.0 - a * a; },
       LayerActivation::tanh},
  };
  return all;
}

const std::vector<ActivationEntry>& other_activations() {
  static const std::vector<ActivationEntry> all = {
      {"elu", [](const at::Tensor& z, double) { return at::elu(z); }},
      {"exponential", [](const at::Tensor& z, double) { return z.exp(); }},
      {"gelu", [](const at::Tensor& z, double) { return at::gelu(z); }},
      {"gelu_tanh", [](const at::Tensor& z, double) { return at::gelu(z, "tanh"); }},
      {"hard_sigmoid", [](const at::Tensor& z, double) { return (0.2 * z + 0.5).clamp(0.0, 1.0); }},  // Keras 2.3's
      {"hard_sigmoid_of_torch", [](const at::Tensor& z, double) { return (z / 6.0 + 0.5).clamp(0.0, 1.0); }},
      {"leaky_relu", [](const at::Tensor& z, double slope) { return at::leaky_relu(z, slope); }},
      {"mish", [](const at::Tensor& z, double) { return at::mish(z); }},
      {"relu6", [](const at::Tensor& z, double) { return z.clamp(0.0, 6.0); }},
      {"selu", [](const at::Tensor& z, double) { return at::selu(z); }},
      {"silu", [](const at::Tensor& z, double) { return at::silu(z); }},
      {"softplus", [](const at::Tensor& z, double) { return z.clamp_min(0.0) + z.abs().neg().exp().log1p(); }},
      {"softsign", [](const at::Tensor& z, double) { return z / (1.0 + z.abs()); }},
  };
  return all;
}

const ActivationEntry& find_activation(const std::string& name) {
  const auto has_name = [&](const ActivationEntry& entry) { return entry.name == name; };
  const auto other = std::find_if(other_activations().begin(), other_activations().end(), has_name);
  if (other != other_activations().end()) return *other;
  return find_named(activations(), name, "activation", [](const ActivationEntry& entry) { return entry.name; });
}

at::Tensor activated(const Activation& activation, const at::Tensor& sums) {
  return find_activation(activation.name).of(sums, activation.slope);
}

}  // namespace touchstone
