#pragma once

#include <string>
#include <vector>

#include "data/tensor_fwd.h"

namespace touchstone {

/// The activations a layer may name: relu, tanh, sigmoid, linear, and softmax for the last.
std::vector<std::string> activation_names();

using Activation = at::Tensor (*)(const at::Tensor&);

/// Throws std::out_of_range for an unknown name.
Activation find_activation(const std::string& name);

}  // namespace touchstone
