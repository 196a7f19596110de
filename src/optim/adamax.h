#pragma once

#include <limits>

#include "optim/moments.h"

namespace touchstone {

/// Adamax (Kingma and Ba, arXiv:1412.6980, algorithm 2), Adam with the infinity norm:
///   m = beta_1 * m + (1 - beta_1) * g;  u = max(beta_2 * u, |g|);  p -= lr / (1 - beta_1^t) * m / u.
/// Keras (keras/optimizers.py) divides by u + epsilon; PyTorch (torch/optim/adamax.py) adds epsilon to |g|.
struct Adamax {
  enum class Epsilon { beside_norm, inside_norm, none };

  struct Options {
    Epsilon epsilon = Epsilon::beside_norm;
    BiasCorrection correction = BiasCorrection::of_t;
    bool undamped = false;             ///< m adds g instead of (1 - beta_1) * g
    bool uses_previous_state = false;  ///< steps by m and u before this update

    constexpr auto fields() const { return std::make_tuple(epsilon, correction, undamped, uses_previous_state); }
  };

  static ComponentSpec spec() { return moment_spec("Adamax", 0.002); }
  static constexpr Options of(Convention convention) {
    return {is_keras(convention)              ? Epsilon::beside_norm
            : convention == Convention::torch ? Epsilon::inside_norm
                                              : Epsilon::none};
  }
  static Options options(const OptimizerConfig& config) { return of(config.convention); }
  static constexpr std::array<Options, 3> fused() {
    return {of(Convention::keras), of(Convention::torch), of(Convention::paper)};
  }
  static constexpr std::size_t slot_count(const Options& /*options*/) { return 2; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"m"}, {"u"}}; }

  using Hyperparameters = MomentHyperparameters;
  template <typename T>
  struct Coefficients {
    T lr;  ///< bias correction included
    RunningMean<T> m;
    T beta_2, epsilon;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    // Without an epsilon, the least that is divided by, so that a parameter without gradients (0 / 0) stays.
    const double epsilon =
        o.epsilon == Epsilon::none ? static_cast<double>(std::numeric_limits<float>::min()) : h.epsilon;
    const T rate = lr / corrected_by<T>(o.correction, constant, h.beta_1, t);
    const auto m = running_mean<T>(constant, h.beta_1, o.undamped);
    return {rate, m, constant(h.beta_2), constant(epsilon)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.uses_previous_state) step(o, c, p, state);
    c.m.add(state[0], g);
    const T norm = o.epsilon == Epsilon::inside_norm ? T(abs(g) + c.epsilon) : T(abs(g));
    state[1] = max(T(c.beta_2 * state[1]), norm);
    if (!o.uses_previous_state) step(o, c, p, state);
  }

 private:
  template <typename T>
  static void step(const Options& o, const Coefficients<T>& c, T& p, const T* state) {
    p -= c.lr * state[0] /
         (o.epsilon == Epsilon::beside_norm   ? T(state[1] + c.epsilon)
          : o.epsilon == Epsilon::inside_norm ? T(state[1])
                                              : T(max(state[1], c.epsilon)));
  }
};

}  // namespace touchstone
