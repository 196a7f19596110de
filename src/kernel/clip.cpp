#include "kernel/clip.h"

#include <cmath>

namespace touchstone {
namespace {

/// A replica's elements.
template <typename T>
struct Row {
  T* at;
  std::size_t step;
  T& operator[](std::size_t i) const { return at[i * step]; }
};

/// Calls f with every element but the padding of a layer's kernel, or of its bias.
template <typename T, typename F>
void each_of_kernel(const LayerPlan& layer, const Row<T>& row, const F& f) {
  for (std::size_t k = 0; k < layer.kernel_rows(); ++k) {
    for (std::size_t n = 0; n < layer.row_length(); ++n) f(row[layer.kernel + k * layer.stride + n]);
  }
}
template <typename T, typename F>
void each_of_bias(const LayerPlan& layer, const Row<T>& row, const F& f) {
  for (std::size_t n = 0; n < layer.outputs; ++n) f(row[layer.bias + n]);
}

template <typename T, typename F>
void each_element(const DensePlan& plan, const Row<T>& row, const F& f) {
  for (const LayerPlan& layer : plan.layers) {
    each_of_kernel(layer, row, f);
    each_of_bias(layer, row, f);
  }
}

/// Scales what `visit` visits.
template <typename T, typename Visit>
void clip_norm(const Clipping& clipping, const Visit& visit) {
  double squares = 0.0;
  visit([&](T g) { squares += static_cast<double>(g) * static_cast<double>(g); });
  const double norm = std::sqrt(squares) + clipping.epsilon;
  if (clipping.scales(norm)) visit([&](T& g) { g = static_cast<T>(static_cast<double>(g) * clipping.norm / norm); });
}

}  // namespace

template <typename T>
void clip(const DensePlan& plan, T* first, const Clipping& clipping, std::size_t step) {
  if (clipping.norm > 0.0 && clipping.each) {
    for (const LayerPlan& layer : plan.layers) {
      clip_norm<T>(clipping, [&](const auto& f) { each_of_kernel(layer, Row<T>{first, step}, f); });
      clip_norm<T>(clipping, [&](const auto& f) { each_of_bias(layer, Row<T>{first, step}, f); });
    }
  } else if (clipping.norm > 0.0) {
    clip_norm<T>(clipping, [&](const auto& f) { each_element(plan, Row<T>{first, step}, f); });
  }
  if (clipping.value > 0.0) {
    const T limit = static_cast<T>(clipping.value);
    each_element(plan, Row<T>{first, step}, [&](T& g) { g = g > limit ? limit : g < -limit ? -limit : g; });
  }
}

template void clip(const DensePlan& plan, float* first, const Clipping& clipping, std::size_t step);
template void clip(const DensePlan& plan, double* first, const Clipping& clipping, std::size_t step);

}  // namespace touchstone
