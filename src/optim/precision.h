#pragma once

#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"

namespace touchstone {

/// The precision of parameters, which are all float32 or all float64.
Precision precision_of(const std::vector<at::Tensor>& parameters);

/// at::kFloat or at::kDouble.
at::ScalarType scalar_type(Precision precision);

}  // namespace touchstone
