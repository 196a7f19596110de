#pragma once

#include "experiment/optimizer_config.h"
#include "optim/constants.h"

namespace touchstone {

/// What an adaptive rule divides by: the square root of an accumulator, and an epsilon.
struct SqrtDivisor {
  enum class Epsilon { outside_sqrt, inside_sqrt, none };

  Epsilon epsilon = Epsilon::outside_sqrt;
  bool has_sqrt = true;

  /// Keras 2 and PyTorch add epsilon outside the square root; the papers and Keras 3 inside.
  static constexpr SqrtDivisor of(Convention convention) {
    const bool is_inside = convention == Convention::paper || convention == Convention::keras3;
    return {is_inside ? Epsilon::inside_sqrt : Epsilon::outside_sqrt, true};
  }

  friend constexpr bool operator==(const SqrtDivisor& x, const SqrtDivisor& y) {
    return x.epsilon == y.epsilon && x.has_sqrt == y.has_sqrt;
  }

  constexpr double epsilon_of(double configured) const {
    return epsilon == Epsilon::none ? negligible_epsilon : configured;
  }

  template <typename T>
  T of(const T& accumulator, const T& epsilon_added) const {
    if (!has_sqrt) return accumulator + epsilon_added;
    return epsilon == Epsilon::inside_sqrt ? root(accumulator + epsilon_added) : root(accumulator) + epsilon_added;
  }
};

}  // namespace touchstone
