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

/// Scales what `visit` visits to the norm `most`, if its own is at least that.
template <typename T, typename Visit>
void clip_norm(double most, const Visit& visit) {
  double squares = 0.0;
  visit([&](T g) { squares += static_cast<double>(g) * static_cast<double>(g); });
  const double norm = std::sqrt(squares);
  if (norm >= most) visit([&](T& g) { g = static_cast<T>(static_cast<double>(g) * most / norm); });
}

}  // namespace

template <typename T>
void clip(const DensePlan& plan, T* first, double norm, double value, bool each, std::size_t step) {
  if (norm > 0.0 && each) {
    for (const LayerPlan& layer : plan.layers) {
      clip_norm<T>(norm, [&](const auto& f) { each_of_kernel(layer, Row<T>{first, step}, f); });
      clip_norm<T>(norm, [&](const auto& f) { each_of_bias(layer, Row<T>{first, step}, f); });
    }
  } else if (norm > 0.0) {
    clip_norm<T>(norm, [&](const auto& f) { each_element(plan, Row<T>{first, step}, f); });
  }
  if (value > 0.0) {
    const T most = static_cast<T>(value);
    each_element(plan, Row<T>{first, step}, [&](T& g) { g = g > most ? most : g < -most ? -most : g; });
  }
}

template void clip(const DensePlan& plan, float* first, double norm, double value, bool each, std::size_t step);
template void clip(const DensePlan& plan, double* first, double norm, double value, bool each, std::size_t step);

}  // namespace touchstone
