#pragma once

#include "optim/moments.h"
#include "optim/momentum_schedule.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// Nadam (Dozat 2016), Adam with Nesterov's momentum, as in Keras (keras/optimizers.py) and PyTorch
/// (torch/optim/nadam.py): m and v are Adam's, mu_t and M_t those of MomentumSchedule, and
///   p -= lr * ((1 - mu_t) / (1 - M_t) * g + mu_(t+1) / (1 - M_(t+1)) * m) / (sqrt(v / (1 - beta_2^t)) + epsilon).
struct Nadam {
  enum class Momentum { scheduled, constant, of_adam };  ///< mu_t; beta_1; m / (1 - beta_1^t) without g

  struct Options {
    Epsilon epsilon = Epsilon::outside_corrected_sqrt;
    Momentum momentum = Momentum::scheduled;
    bool corrects_v = true;

    constexpr auto fields() const { return std::make_tuple(epsilon, momentum, corrects_v); }
  };

  static ComponentSpec spec() { return moment_spec("Nadam", 0.002, {{"schedule_decay", 0.004, at_least_zero}}); }
  static Options options(const OptimizerConfig& /*config*/) { return {}; }
  static constexpr std::array<Options, 1> fused() { return {Options{}}; }
  static constexpr std::size_t slot_count(const Options& /*options*/) { return 2; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"m"}, {"v"}}; }

  struct Hyperparameters : MomentHyperparameters {
    mutable MomentumSchedule schedule;  ///< remembers the products M_t

    /// Keras 3 has no schedule_decay, as if it were 1 (keras/src/optimizers/nadam.py).
    static Hyperparameters of(const OptimizerConfig& config, Precision precision) {
      const auto common = MomentHyperparameters::of(config, precision);
      const double decay = config.convention == Convention::keras3 ? 1.0 : config.number("schedule_decay");
      return {common, MomentumSchedule(common.beta_1, decay, common.corrections_in)};
    }
  };
  template <typename T>
  struct Coefficients {
    T lr_of_g, lr_of_m;
    RunningMean<T> m, v;
    T correction_v, epsilon;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    const T one = constant(1.0);
    const bool is_constant = o.momentum == Momentum::constant;
    const T mu = is_constant ? T(constant(h.beta_1)) : T(h.schedule.mu(constant, t, "t"));
    const T next_mu = is_constant ? T(constant(h.beta_1)) : T(h.schedule.mu(constant, t + 1, "(t + 1)"));
    const T product = is_constant ? T(constant.power(h.beta_1, t)) : T(h.schedule.product(constant, t));
    return {lr * (one - mu) / (one - product),
            o.momentum == Momentum::of_adam ? T(lr / bias_correction(constant, h.beta_1, t))
                                            : T(lr * next_mu / (one - product * next_mu)),
            running_mean<T>(constant, h.beta_1),
            running_mean<T>(constant, h.beta_2),
            o.corrects_v ? T(bias_correction(constant, h.beta_2, t, h.corrections_in)) : T(constant.exact(1.0)),
            epsilon_constant(constant, o.epsilon, h.epsilon)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T& m = state[0];
    T& v = state[1];
    c.m.add(m, g);
    c.v.add(v, g * g);
    const T divisor = o.epsilon == Epsilon::outside_sqrt
                          ? T((sqrt(v) + c.epsilon) / sqrt(c.correction_v))
                          : sqrt_divisor(o.epsilon, true, T(v / c.correction_v), c.epsilon);
    p -= (o.momentum == Momentum::of_adam ? T(c.lr_of_m * m) : T(c.lr_of_g * g + c.lr_of_m * m)) / divisor;
  }
};

}  // namespace touchstone
