#include "tolerance/rounding.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace touchstone {

double ulp_of(Precision precision) {
  return precision == Precision::float32 ? static_cast<double>(std::numeric_limits<float>::epsilon())
                                         : std::numeric_limits<double>::epsilon();
}

Noise noise_of(Precision precision, std::uint32_t attempt, std::int64_t time, Source source) {
  const std::uint64_t of_source = source == Source::rule ? 1U << 16U : 0U;
  const std::uint64_t sequence = attempt == 0 ? 0 : (static_cast<std::uint64_t>(time) << 32U) + of_source + attempt;
  // In every other attempt a rule's constants are held the same way from update to update.
  const bool holds = source == Source::rule && attempt % 2 == 1;
  const std::uint64_t constants = holds ? attempt : ~sequence;
  return {ulp_of(precision), precision == Precision::float32, sequence, constants};
}

at::Tensor perturb_ulp(const at::Tensor& tensor, Noise& noise) {
  at::Tensor result = tensor.detach().clone(at::MemoryFormat::Contiguous);
  if (!noise.is_active()) return result;
  AT_DISPATCH_FLOATING_TYPES(result.scalar_type(), "perturb_ulp", [&] {
    auto* elements = result.data_ptr<scalar_t>();
    for (std::int64_t i = 0; i < result.numel(); ++i) {
      elements[i] *= static_cast<scalar_t>(1.0 + noise.ulp() * noise.sign());
    }
  });
  return result;
}

std::vector<double> perturb_ulp(std::vector<double> values, Noise& noise) {
  if (!noise.is_active()) return values;
  for (double& value : values) value *= 1.0 + noise.ulp() * noise.sign();
  return values;
}

std::vector<at::Tensor> perturb_ulp(const std::vector<at::Tensor>& tensors, Noise& noise) {
  std::vector<at::Tensor> result;
  result.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) result.push_back(perturb_ulp(tensor, noise));
  return result;
}

namespace {

/// A sum of terms that overflow, of which `sum` is the limit: either infinity, or NaN where both occur.
double overflowed(double sum, Noise& noise) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double which = noise.uniform();
  if (which < -0.5) return sum;
  if (which < 0.0) return std::numeric_limits<double>::quiet_NaN();
  return which < 0.5 ? infinity : -infinity;
}

}  // namespace

at::Tensor perturb(const at::Tensor& exact, const at::Tensor& scale, double units, Noise& noise) {
  return perturb(exact, scale, units, noise, exact);
}

at::Tensor perturb(const at::Tensor& exact, const at::Tensor& scale, double units, Noise& noise,
                   const at::Tensor& from) {
  at::Tensor result = exact.detach().clone(at::MemoryFormat::Contiguous);
  if (!noise.is_active()) return result;
  const at::Tensor scales = scale.contiguous();
  const at::Tensor origins = from.contiguous();
  auto* elements = result.data_ptr<double>();
  const auto* sizes = scales.data_ptr<double>();
  const auto* numbers = origins.data_ptr<double>();
  const double most = units * noise.ulp();
  const std::int64_t columns = result.dim() > 1 ? result.size(-1) : 1;
  std::vector<std::uint64_t> sets(static_cast<std::size_t>(columns));
  std::generate(sets.begin(), sets.end(), [&] { return noise.next_set(); });
  for (std::int64_t i = 0; i < result.numel(); ++i) {
    const double uniform = noise.uniform_of(numbers[i], sets[static_cast<std::size_t>(i % columns)]);
    elements[i] = static_cast<double>(noise.in_range(elements[i] + most * uniform * sizes[i]));
    if (!std::isfinite(static_cast<double>(noise.in_range(sizes[i])))) elements[i] = overflowed(elements[i], noise);
  }
  return result;
}

}  // namespace touchstone
