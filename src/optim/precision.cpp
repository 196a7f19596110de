#include "optim/precision.h"

#include <ATen/core/Tensor.h>

namespace touchstone {

Precision precision_of(const std::vector<at::Tensor>& parameters) {
  return parameters.front().scalar_type() == at::kFloat ? Precision::float32 : Precision::float64;
}

at::ScalarType scalar_type(Precision precision) { return precision == Precision::float32 ? at::kFloat : at::kDouble; }

}  // namespace touchstone
