#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/rule.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// Adagrad (Duchi, Hazan and Singer 2011): divides the gradient by the root of the sum of its squares,
///   a += g^2;  p -= lr * g / (sqrt(a) + epsilon).
/// Keras 2 (keras/optimizers.py) and PyTorch add epsilon outside the square root; Ruder (arXiv:1609.04747, section 4.3)
/// and Keras 3 (keras/src/optimizers/adagrad.py) inside. Keras 3's accumulator starts at 0.1.
struct Adagrad {
  struct Options {
    SqrtDivisor divisor;
    double start = 0.0;
    bool uses_mean = false;            ///< divides a by the number of updates
    bool uses_previous_state = false;  ///< divides by a before this update

    friend constexpr bool operator==(const Options& x, const Options& y) {
      return std::tie(x.divisor, x.start, x.uses_mean, x.uses_previous_state) ==
             std::tie(y.divisor, y.start, y.uses_mean, y.uses_previous_state);
    }
  };

  static constexpr Options of(Convention convention) {
    return {SqrtDivisor::of(convention), convention == Convention::keras3 ? 0.1 : 0.0};
  }
  static constexpr std::array<Options, 3> fused() {
    return {of(Convention::keras), of(Convention::paper), of(Convention::keras3)};
  }

  struct Hyperparameters {
    double epsilon;
  };

  static constexpr std::size_t slot_count(const Options& /*options*/) { return 1; }
  static std::vector<Slot> slots(const Options& o) { return {{"accumulator", o.start}}; }

  template <typename T>
  struct Coefficients {
    T lr;
    T epsilon;
    T updates;
  };

  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    return {lr, constant(o.divisor.epsilon_of(h.epsilon)), constant.exact(o.uses_mean ? static_cast<double>(t) : 1.0)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T& a = state[0];
    if (!o.uses_previous_state) a += g * g;
    p -= c.lr * g / o.divisor.of(o.uses_mean ? T(a / c.updates) : T(a), c.epsilon);
    if (o.uses_previous_state) a += g * g;
  }
};

}  // namespace touchstone
