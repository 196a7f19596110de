#pragma once

#include "optim/rule.h"

namespace touchstone {

/// Where a rule that divides by the square root of an accumulator adds epsilon. `corrected`: to the accumulator divided
/// by its bias correction.
enum class Epsilon { outside_sqrt, inside_sqrt, outside_corrected_sqrt, inside_corrected_sqrt, none };

/// RMSprop's and Adagrad's: Keras 2 and PyTorch add epsilon outside the square root; the papers and Keras 3 inside.
constexpr Epsilon epsilon_of(Convention convention) {
  const bool is_inside = convention == Convention::paper || convention == Convention::keras3;
  return is_inside ? Epsilon::inside_sqrt : Epsilon::outside_sqrt;
}

constexpr bool is_corrected(Epsilon place) {
  return place == Epsilon::outside_corrected_sqrt || place == Epsilon::inside_corrected_sqrt;
}

template <typename Constants>
auto epsilon_constant(const Constants& constant, Epsilon place, double epsilon) {
  return constant(place == Epsilon::none ? negligible_epsilon : epsilon);
}

/// What the rule divides by, of an accumulator that is corrected where `place` says so.
template <typename T>
T sqrt_divisor(Epsilon place, bool has_sqrt, const T& accumulator, const T& epsilon) {
  const bool is_inside = place == Epsilon::inside_sqrt || place == Epsilon::inside_corrected_sqrt;
  return !has_sqrt   ? T(accumulator + epsilon)
         : is_inside ? T(sqrt(accumulator + epsilon))
                     : T(sqrt(accumulator) + epsilon);
}

}  // namespace touchstone
