#pragma once

#include "optim/sqrt_divisor.h"

namespace touchstone {

/// Adagrad (Duchi, Hazan and Singer 2011): divides the gradient by the root of the sum of its squares,
///   a += g^2;  p -= lr * g / (sqrt(a) + epsilon).
/// Keras 2 (keras/optimizers.py) and PyTorch add epsilon outside the square root; Ruder (arXiv:1609.04747, section 4.3)
/// and Keras 3 (keras/src/optimizers/adagrad.py) inside. Keras 3's accumulator starts at 0.1.
struct Adagrad {
  struct Options {
    Epsilon epsilon = Epsilon::outside_sqrt;
    bool has_sqrt = true;
    double start = 0.0;
    bool uses_mean = false;            ///< divides a by the number of updates
    bool uses_previous_state = false;  ///< divides by a before this update

    constexpr auto fields() const { return std::make_tuple(epsilon, has_sqrt, start, uses_mean, uses_previous_state); }
  };

  static ComponentSpec spec() { return optimizer_spec("Adagrad", 0.01, {{"epsilon", 1e-7, at_least_zero}}); }
  static constexpr Options of(Convention convention) {
    return {epsilon_of(convention), true, convention == Convention::keras3 ? 0.1 : 0.0};
  }
  static Options options(const OptimizerConfig& config) { return of(config.convention); }
  static constexpr std::array<Options, 3> fused() {
    return {of(Convention::keras), of(Convention::paper), of(Convention::keras3)};
  }
  static constexpr std::size_t slot_count(const Options& /*options*/) { return 1; }
  static std::vector<Slot> slots(const Options& o) { return {{"accumulator", o.start}}; }

  struct Hyperparameters {
    double epsilon;
    static Hyperparameters of(const OptimizerConfig& config, Precision /*precision*/) {
      return {config.number("epsilon")};
    }
  };

  template <typename T>
  struct Coefficients {
    T lr;
    T epsilon;
    T updates;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    return {lr, epsilon_constant(constant, o.epsilon, h.epsilon),
            o.uses_mean ? T(constant.count(t)) : T(constant.exact(1.0))};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T& a = state[0];
    if (!o.uses_previous_state) a += g * g;
    p -= c.lr * g / sqrt_divisor(o.epsilon, o.has_sqrt, o.uses_mean ? T(a / c.updates) : T(a), c.epsilon);
    if (o.uses_previous_state) a += g * g;
  }
};

}  // namespace touchstone
