#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/rule.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// RMSprop (Tieleman and Hinton 2012, lecture 6e): divides the gradient by the root of a running mean of its square,
///   a = rho * a + (1 - rho) * g^2;  p -= lr * g / (sqrt(a) + epsilon).
/// Keras 2 (keras/optimizers.py) and PyTorch add epsilon outside the square root; Ruder (arXiv:1609.04747, section 4.5)
/// and Keras 3 (keras/src/optimizers/rmsprop.py) inside.
struct RmsProp {
  struct Options {
    SqrtDivisor divisor;
    bool undamped = false;             ///< a adds g^2 instead of (1 - rho) * g^2
    bool uses_previous_state = false;  ///< divides by a before this update
    bool centered = false;             ///< subtracts the square of the running mean of g from a
    bool bias_corrected = false;       ///< divides a by 1 - rho^t
    bool has_momentum = false;         ///< v = momentum * v + step; p -= v

    friend constexpr bool operator==(const Options& x, const Options& y) {
      return std::tie(x.divisor, x.undamped, x.uses_previous_state, x.centered, x.bias_corrected, x.has_momentum) ==
             std::tie(y.divisor, y.undamped, y.uses_previous_state, y.centered, y.bias_corrected, y.has_momentum);
    }
  };

  static constexpr Options of(Convention convention) { return {SqrtDivisor::of(convention)}; }
  static constexpr std::array<Options, 2> fused() { return {of(Convention::keras), of(Convention::paper)}; }

  struct Hyperparameters {
    double rho;
    double epsilon;
    double momentum = 0.0;
  };

  /// The accumulator; then the mean of the gradients if it is centered, and a velocity if there is momentum.
  static constexpr std::size_t slot_count(const Options& o) {
    return 1U + (o.centered ? 1 : 0) + (o.has_momentum ? 1 : 0);
  }
  static std::vector<Slot> slots(const Options& o) {
    std::vector<Slot> slots = {{"accumulator"}};
    if (o.centered) slots.push_back({"mean"});
    if (o.has_momentum) slots.push_back({"velocity"});
    return slots;
  }

  template <typename T>
  struct Coefficients {
    T lr;
    T rho;
    T one_minus_rho;
    T correction;  ///< 1 - rho^t
    T epsilon;
    T momentum;
  };

  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    return {lr,
            constant(h.rho),
            o.undamped ? constant.exact(1.0) : one_minus(constant, h.rho),
            o.bias_corrected ? bias_correction(constant, h.rho, t) : constant.exact(1.0),
            constant(o.divisor.epsilon_of(h.epsilon)),
            o.has_momentum ? constant(h.momentum) : constant.exact(0.0)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.uses_previous_state) step(o, c, p, g, state);
    if (o.centered) state[1] = c.rho * state[1] + c.one_minus_rho * g;
    state[0] = c.rho * state[0] + c.one_minus_rho * (g * g);
    if (!o.uses_previous_state) step(o, c, p, g, state);
  }

 private:
  template <typename T>
  static void step(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T accumulator = state[0];
    if (o.centered) accumulator = accumulator - state[1] * state[1];
    if (o.bias_corrected) accumulator = accumulator / c.correction;
    const T divisor = o.divisor.of(accumulator, c.epsilon);
    if (!o.has_momentum) {
      p -= c.lr * g / divisor;
      return;
    }
    T& velocity = state[o.centered ? 2 : 1];
    velocity = c.momentum * velocity + c.lr * g / divisor;
    p -= velocity;
  }
};

}  // namespace touchstone
