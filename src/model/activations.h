#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/tensor_fwd.h"
#include "kernel/dense_plan.h"

namespace touchstone {

/// An activation as a layer has it: a value.
struct Activation {
  std::string name = "linear";
  double slope = 0.0;  ///< below 0, of leaky_relu

  friend bool operator==(const Activation& a, const Activation& b) { return a.name == b.name && a.slope == b.slope; }
};

/// What an activation computes, for both engines.
struct ActivationEntry {
  std::string name;  ///< Keras's
  at::Tensor (*of)(const at::Tensor& sums, double slope);
  /// The slope from the outputs a, such as 1 - a*a, if engines compute it so: then it inherits the rounding of a, a
  /// number of size 1. Null for the others.
  at::Tensor (*slope_from_output)(const at::Tensor& outputs) = nullptr;
  /// The fused engine's; softmax, which only the last layer has, belongs to the loss there. None: no file may name it,
  /// an engine under test may compute it all the same.
  std::optional<LayerActivation> in_kernel = {};
};

/// Every activation that a layer may name. A new one is an entry here and a struct in kernel/activations_impl.h.
const std::vector<ActivationEntry>& activations();

/// What engines compute in hidden layers besides those. Some of LibTorch's own are not exact in float64: hardsigmoid
/// and softplus have constants of float32 and a threshold.
const std::vector<ActivationEntry>& other_activations();

/// Of either list. Throws std::out_of_range for an unknown name.
const ActivationEntry& find_activation(const std::string& name);

at::Tensor activated(const Activation& activation, const at::Tensor& sums);

}  // namespace touchstone
