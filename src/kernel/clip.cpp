#include "kernel/clip.h"

#include <cmath>

namespace touchstone {
namespace {

/// Calls f with every element of a row but the padding.
template <typename T, typename F>
void each_element(const DensePlan& plan, T* row, const F& f) {
  for (const LayerPlan& layer : plan.layers) {
    for (std::size_t k = 0; k < layer.kernel_rows(); ++k) {
      for (std::size_t n = 0; n < layer.row_length(); ++n) f(row[layer.kernel + k * layer.stride + n]);
    }
    for (std::size_t n = 0; n < layer.outputs; ++n) f(row[layer.bias + n]);
  }
}

}  // namespace

template <typename T>
void clip(const DensePlan& plan, T* gradients, double norm, double value) {
  if (norm > 0.0) {
    double squares = 0.0;
    each_element(plan, gradients, [&](T g) { squares += static_cast<double>(g) * static_cast<double>(g); });
    const double found = std::sqrt(squares);
    if (found >= norm)
      each_element(plan, gradients, [&](T& g) { g = static_cast<T>(static_cast<double>(g) * norm / found); });
  }
  if (value > 0.0) {
    const T most = static_cast<T>(value);
    each_element(plan, gradients, [&](T& g) { g = g > most ? most : g < -most ? -most : g; });
  }
}

template void clip(const DensePlan& plan, float* gradients, double norm, double value);
template void clip(const DensePlan& plan, double* gradients, double norm, double value);

}  // namespace touchstone
