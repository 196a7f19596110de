#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"

namespace touchstone {

/// A tensor's elements in row-major order, exactly.
std::vector<double> values_of(const at::Tensor& tensor);

/// The inverse, rounded to `dtype`.
at::Tensor tensor_of(const std::vector<double>& values, const std::vector<std::int64_t>& shape, at::ScalarType dtype);

}  // namespace touchstone
