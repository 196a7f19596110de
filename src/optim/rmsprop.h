#pragma once

#include "optim/moments.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// RMSprop (Tieleman and Hinton 2012, lecture 6e): divides the gradient by the root of a running mean of its square,
///   a = rho * a + (1 - rho) * g^2;  p -= lr * g / (sqrt(a) + epsilon).
/// Keras 2 (keras/optimizers.py) and PyTorch add epsilon outside the square root; Ruder (arXiv:1609.04747, section 4.5)
/// and Keras 3 (keras/src/optimizers/rmsprop.py) inside. `centered` subtracts the square of the gradient's running mean
/// from a (Graves, arXiv:1308.0850, equations 38 to 45). With momentum, Graves and Keras 3 apply the learning rate
/// inside the velocity, v = momentum * v + lr * step; p -= v; PyTorch outside. Keras 2 has neither; here as in Keras 3.
struct RmsProp {
  enum class Momentum { none, rate_inside, rate_outside };

  struct Options {
    Epsilon epsilon = Epsilon::outside_sqrt;
    bool centered = false;
    Momentum momentum = Momentum::none;
    bool has_sqrt = true;
    bool undamped = false;             ///< a adds g^2 instead of (1 - rho) * g^2
    bool uses_previous_state = false;  ///< divides by a before this update
    bool bias_corrected = false;       ///< divides a by 1 - rho^t

    constexpr auto fields() const {
      return std::make_tuple(epsilon, centered, momentum, has_sqrt, undamped, uses_previous_state, bias_corrected);
    }
  };
  static ComponentSpec spec() {
    return optimizer_spec("RMSprop", 0.001,
                          {{"rho", 0.9, below_one},
                           {"epsilon", 1e-7, at_least_zero},
                           optional_argument("momentum", 0.0, below_one),
                           optional_argument("centered", false)});
  }
  static Options options(const OptimizerConfig& config) {
    const Momentum place = config.convention == Convention::torch ? Momentum::rate_outside : Momentum::rate_inside;
    const bool has_momentum = config.number_or("momentum", 0.0) != 0.0;
    return {epsilon_of(config.convention), config.flag_or("centered", false), has_momentum ? place : Momentum::none};
  }
  static constexpr auto fused() {
    std::array<Options, 12> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = {i % 2 == 0 ? Epsilon::outside_sqrt : Epsilon::inside_sqrt, i / 2 % 2 == 1,
                static_cast<Momentum>(i / 4)};
    }
    return all;
  }
  static constexpr std::size_t slot_count(const Options& o) { return 1U + o.centered + (o.momentum != Momentum::none); }
  static std::vector<Slot> slots(const Options& o) {
    std::vector<Slot> slots = {{"accumulator"}};
    if (o.centered) slots.push_back({"mean"});
    if (o.momentum != Momentum::none) slots.push_back({"velocity"});
    return slots;
  }

  struct Hyperparameters {
    double rho, epsilon, momentum;
    static Hyperparameters of(const OptimizerConfig& config, Precision precision) {
      return {rounded_argument(config, "rho", precision), config.number("epsilon"), config.number_or("momentum", 0.0)};
    }
  };
  template <typename T>
  struct Coefficients {
    T lr;
    RunningMean<T> mean;
    T correction, epsilon, momentum;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    return {lr, running_mean<T>(constant, h.rho, o.undamped),
            o.bias_corrected ? bias_correction(constant, h.rho, t) : constant.exact(1.0),
            epsilon_constant(constant, o.epsilon, h.epsilon),
            o.momentum == Momentum::none ? constant.exact(0.0) : constant(h.momentum)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.uses_previous_state) step(o, c, p, g, state);
    if (o.centered) c.mean.add(state[1], g);
    c.mean.add(state[0], g * g);
    if (!o.uses_previous_state) step(o, c, p, g, state);
  }

 private:
  template <typename T>
  static void step(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    const T centered = o.centered ? T(state[0] - state[1] * state[1]) : T(state[0]);
    const T a = o.bias_corrected ? T(centered / c.correction) : T(centered);
    const T divisor = sqrt_divisor(o.epsilon, o.has_sqrt, a, c.epsilon);
    if (o.momentum == Momentum::none) {
      p -= c.lr * g / divisor;
    } else {
      const bool rate_inside = o.momentum == Momentum::rate_inside;
      T& v = state[o.centered ? 2 : 1];
      v = c.momentum * v + (rate_inside ? T(c.lr * g / divisor) : T(g / divisor));
      p -= rate_inside ? T(v) : T(c.lr * v);
    }
  }
};

}  // namespace touchstone
