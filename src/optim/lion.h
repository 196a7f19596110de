#pragma once

#include "optim/moments.h"

namespace touchstone {

/// Lion (Chen et al., arXiv:2302.06675, algorithm 2), which steps by the sign alone:
///   p -= lr * (sign(beta_1 * m + (1 - beta_1) * g) + weight_decay * p);  m = beta_2 * m + (1 - beta_2) * g.
/// Keras 2 does not have it; Keras 3 (keras/src/optimizers/lion.py) and optax agree with the paper.
struct Lion {
  struct Options {
    bool has_sign = true;
    bool averages_before_step = false;  ///< steps by the sign of m after its update

    constexpr auto fields() const { return std::make_tuple(has_sign, averages_before_step); }
  };
  static ComponentSpec spec() {
    return optimizer_spec(
        "Lion", 0.0001,
        {{"beta_1", 0.9, below_one}, {"beta_2", 0.99, below_one}, {"weight_decay", 0.0, at_least_zero}});
  }
  static Options options(const OptimizerConfig& /*config*/) { return {}; }
  static constexpr std::array<Options, 1> fused() { return {Options{}}; }
  static constexpr std::size_t slot_count(const Options& /*options*/) { return 1; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"m"}}; }

  struct Hyperparameters {
    double beta_1, beta_2, weight_decay;
    static Hyperparameters of(const OptimizerConfig& config, Precision precision) {
      return {rounded_argument(config, "beta_1", precision), rounded_argument(config, "beta_2", precision),
              config.number("weight_decay")};
    }
  };
  template <typename T>
  struct Coefficients {
    T lr;
    RunningMean<T> of_step, m;
    T weight_decay;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& /*options*/, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t /*t*/) {
    return {lr, running_mean<T>(constant, h.beta_1), running_mean<T>(constant, h.beta_2), constant(h.weight_decay)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.averages_before_step) c.m.add(state[0], g);
    T direction = state[0];
    if (!o.averages_before_step) c.of_step.add(direction, g);
    p -= c.lr * ((o.has_sign ? T(sign(direction)) : T(direction)) + c.weight_decay * p);
    if (!o.averages_before_step) c.m.add(state[0], g);
  }
};

}  // namespace touchstone
