#pragma once

#include <ATen/Tensor.h>

#include "schedule/rate.h"

namespace touchstone {

/// The precision of parameters, which are all float32 or all float64.
inline Precision precision_of(const std::vector<at::Tensor>& parameters) {
  return parameters.front().scalar_type() == at::kFloat ? Precision::float32 : Precision::float64;
}

}  // namespace touchstone
