#pragma once

#include <string>
#include <vector>

#include "data/tensor_fwd.h"
#include "kernel/dense_plan.h"

namespace touchstone {

/// An activation, for both engines.
struct Activation {
  std::string name;  ///< Keras's
  at::Tensor (*of)(const at::Tensor&);
  /// The slope from the outputs a, such as 1 - a*a, if engines compute it so: then it inherits the rounding of a, a
  /// number of size 1. Null for the others.
  at::Tensor (*slope_from_output)(const at::Tensor& outputs);
  LayerActivation in_kernel;  ///< the fused engine's; softmax, which only the last layer has, belongs to the loss there
};

/// Every activation that a layer may name. A new one is an entry here and a struct in kernel/activations_impl.h.
const std::vector<Activation>& activations();

/// Throws std::out_of_range for an unknown name.
const Activation& find_activation(const std::string& name);

}  // namespace touchstone
