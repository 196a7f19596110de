#pragma once

#include <cstddef>

#include "kernel/dense_plan.h"

namespace touchstone {

/// One replica's parameters and gradients in a group's memory, tensor by tensor, for optim/apply_pipeline.h: computed
/// in double, element by element, without the padding. T: float or double. `step`: from one element to the next.
template <typename T>
struct ReplicaTensors {
  const DensePlan& plan;
  T* parameters;
  T* gradients;
  std::size_t step;

  class Element {
   public:
    Element(const ReplicaTensors& all, const LayerPlan& layer, bool is_kernel)
        : all_(all), layer_(layer), is_kernel_(is_kernel) {}

    bool is_kernel() const { return is_kernel_; }
    static double exact(double value) { return value; }
    static double constant(double value) { return value; }

    double square_sum() const {
      double squares = 0.0;
      each_place([&](std::size_t at) {
        const auto g = static_cast<double>(all_.gradients[at]);
        squares += g * g;
      });
      return squares;
    }

    template <typename F>
    void each(const F& f) {
      each_place([&](std::size_t at) {
        auto parameter = static_cast<double>(all_.parameters[at]);
        auto gradient = static_cast<double>(all_.gradients[at]);
        f(parameter, gradient);
        all_.parameters[at] = static_cast<T>(parameter);
        all_.gradients[at] = static_cast<T>(gradient);
      });
    }

   private:
    template <typename F>
    void each_place(const F& f) const {
      if (!is_kernel_) {
        for (std::size_t n = 0; n < layer_.outputs; ++n) f((layer_.bias + n) * all_.step);
        return;
      }
      for (std::size_t k = 0; k < layer_.kernel_rows(); ++k) {
        for (std::size_t n = 0; n < layer_.row_length(); ++n) f((layer_.kernel + k * layer_.stride + n) * all_.step);
      }
    }

    const ReplicaTensors& all_;
    const LayerPlan& layer_;
    bool is_kernel_;
  };

  std::size_t size() const { return 2 * plan.layers.size(); }
  Element operator[](std::size_t i) const { return {*this, plan.layers[i / 2], i % 2 == 0}; }
};

}  // namespace touchstone
