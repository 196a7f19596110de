#pragma once

#include "optim/moments.h"

namespace touchstone {

/// Adadelta (Zeiler, arXiv:1212.5701, algorithm 1) with a learning rate; Keras, PyTorch and the paper agree:
///   a = rho * a + (1 - rho) * g^2;  update = g * sqrt(d + epsilon) / sqrt(a + epsilon);
///   p -= lr * update;  d = rho * d + (1 - rho) * update^2.
struct Adadelta {
  enum class Epsilon { inside_sqrts, outside_sqrts, inside_numerator };

  struct Options {
    Epsilon epsilon = Epsilon::inside_sqrts;
    bool undamped = false;             ///< a and d add the squares instead of (1 - rho) times them
    bool uses_previous_state = false;  ///< divides by a before this update
    bool accumulates_rate = false;     ///< d accumulates lr * update

    constexpr auto fields() const { return std::make_tuple(epsilon, undamped, uses_previous_state, accumulates_rate); }
  };

  static ComponentSpec spec() {
    return optimizer_spec("Adadelta", 1.0, {{"rho", 0.95, below_one}, {"epsilon", 1e-7, at_least_zero}});
  }
  static Options options(const OptimizerConfig& /*config*/) { return {}; }
  static constexpr std::array<Options, 1> fused() { return {Options{}}; }
  static constexpr std::size_t slot_count(const Options& /*options*/) { return 2; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"accumulator"}, {"delta_accumulator"}}; }

  struct Hyperparameters {
    double rho, epsilon;
    static Hyperparameters of(const OptimizerConfig& config, Precision /*precision*/) {
      return {config.number("rho"), config.number("epsilon")};
    }
  };

  template <typename T>
  struct Coefficients {
    T lr;
    RunningMean<T> mean;
    T epsilon;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t /*t*/) {
    return {lr, running_mean<T>(constant, h.rho, o.undamped), constant(h.epsilon)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T& a = state[0];
    T& d = state[1];
    if (!o.uses_previous_state) c.mean.add(a, g * g);
    const T update = o.epsilon == Epsilon::outside_sqrts      ? g * (sqrt(d) + c.epsilon) / (sqrt(a) + c.epsilon)
                     : o.epsilon == Epsilon::inside_numerator ? g * sqrt(d + c.epsilon) / sqrt(a)
                                                              : g * sqrt(d + c.epsilon) / sqrt(a + c.epsilon);
    p -= c.lr * update;
    const T accumulated = o.accumulates_rate ? T(c.lr * update) : T(update);
    c.mean.add(d, accumulated * accumulated);
    if (o.uses_previous_state) c.mean.add(a, g * g);
  }
};

}  // namespace touchstone
