#include "verify/nudge.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <limits>

#include "optim/precision.h"

namespace touchstone {

double unit_of(Precision precision) {
  return precision == Precision::float32 ? static_cast<double>(std::numeric_limits<float>::epsilon())
                                         : std::numeric_limits<double>::epsilon();
}

at::Tensor Nudge::operator()(const at::Tensor& tensor) {
  if (!moves_) return tensor;
  std::vector<double> factors(static_cast<std::size_t>(tensor.numel()));
  const double unit = unit_of(precision_of({tensor}));
  for (double& factor : factors) factor = random_.random_sample() < 0.5 ? 1.0 - unit : 1.0 + unit;
  return tensor.mul(at::tensor(factors, at::kDouble).view(tensor.sizes()).to(tensor.scalar_type()));
}

std::vector<at::Tensor> nudged(const std::vector<at::Tensor>& tensors, Precision precision, Nudge& nudge) {
  std::vector<at::Tensor> result;
  result.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) result.push_back(nudge(tensor.to(scalar_type(precision), false, true)));
  return result;
}

}  // namespace touchstone
