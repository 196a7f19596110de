#include "trace/tensors.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

namespace touchstone {

std::vector<double> values_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

at::Tensor tensor_of(const std::vector<double>& values, const std::vector<std::int64_t>& shape, at::ScalarType dtype) {
  return at::tensor(values, at::kDouble).view(shape).to(dtype);
}

}  // namespace touchstone
