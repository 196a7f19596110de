#include "model/activations.h"

#include <ATen/ATen.h>

#include <map>

namespace touchstone {
namespace {

const std::map<std::string, Activation>& activations() {
  static const std::map<std::string, Activation> all = {
      {"linear", [](const at::Tensor& x) { return x; }},
      {"relu", [](const at::Tensor& x) { return at::relu(x); }},
      {"sigmoid", [](const at::Tensor& x) { return at::sigmoid(x); }},
      {"softmax", [](const at::Tensor& x) { return at::softmax(x, -1); }},
      {"tanh", [](const at::Tensor& x) { return at::tanh(x); }},
  };
  return all;
}

}  // namespace

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& [name, activation] : activations()) names.push_back(name);
  return names;
}

Activation find_activation(const std::string& name) { return activations().at(name); }

}  // namespace touchstone
