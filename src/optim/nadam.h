#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/momentum_schedule.h"
#include "optim/rule.h"

namespace touchstone {

/// Nadam (Dozat 2016), Adam with Nesterov's momentum, as in Keras (keras/optimizers.py) and PyTorch
/// (torch/optim/nadam.py): m and v are Adam's, mu_t and M_t those of MomentumSchedule, and
///   p -= lr * ((1 - mu_t) / (1 - M_t) * g + mu_(t+1) / (1 - M_(t+1)) * m) / (sqrt(v / (1 - beta_2^t)) + epsilon).
struct Nadam {
  enum class Epsilon { outside_sqrt, inside_sqrt, before_correction, none };
  enum class Momentum { scheduled, constant, of_adam };  ///< mu_t; beta_1; m / (1 - beta_1^t) without g

  struct Options {
    Epsilon epsilon = Epsilon::outside_sqrt;
    Momentum momentum = Momentum::scheduled;
    bool corrects_v = true;

    friend constexpr bool operator==(const Options& x, const Options& y) {
      return std::tie(x.epsilon, x.momentum, x.corrects_v) == std::tie(y.epsilon, y.momentum, y.corrects_v);
    }
  };

  static constexpr Options of(Convention /*convention*/) { return {}; }
  static constexpr std::array<Options, 1> fused() { return {Options{}}; }

  struct Hyperparameters {
    double beta_1;
    double beta_2;
    double epsilon;
    Precision corrections_in;           ///< Keras computes them in the run's precision, others in double
    mutable MomentumSchedule schedule;  ///< remembers the products M_t
  };

  static constexpr std::size_t slot_count(const Options& /*options*/) { return 2; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"m"}, {"v"}}; }

  template <typename T>
  struct Coefficients {
    T lr_of_g;
    T lr_of_m;
    T beta_1;
    T one_minus_beta_1;
    T beta_2;
    T one_minus_beta_2;
    T correction_v;
    T epsilon;
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
            constant(h.beta_1),
            one_minus(constant, h.beta_1),
            constant(h.beta_2),
            one_minus(constant, h.beta_2),
            o.corrects_v ? T(bias_correction(constant, h.beta_2, t, h.corrections_in)) : T(constant.exact(1.0)),
            constant(o.epsilon == Epsilon::none ? negligible_epsilon : h.epsilon)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T& m = state[0];
    T& v = state[1];
    m = c.beta_1 * m + c.one_minus_beta_1 * g;
    v = c.beta_2 * v + c.one_minus_beta_2 * (g * g);
    const T divisor = o.epsilon == Epsilon::inside_sqrt         ? T(root(v / c.correction_v + c.epsilon))
                      : o.epsilon == Epsilon::before_correction ? T((root(v) + c.epsilon) / root(c.correction_v))
                                                                : T(root(v / c.correction_v) + c.epsilon);
    p -= (o.momentum == Momentum::of_adam ? T(c.lr_of_m * m) : T(c.lr_of_g * g + c.lr_of_m * m)) / divisor;
  }
};

}  // namespace touchstone
