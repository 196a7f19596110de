#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include "optim/bias_correction.h"
#include "optim/rule.h"

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

    friend constexpr bool operator==(const Options& x, const Options& y) {
      return std::tie(x.epsilon, x.correction, x.undamped, x.uses_previous_state) ==
             std::tie(y.epsilon, y.correction, y.undamped, y.uses_previous_state);
    }
  };

  static constexpr Options of(Convention convention) {
    return {convention == Convention::paper   ? Epsilon::none
            : convention == Convention::torch ? Epsilon::inside_norm
                                              : Epsilon::beside_norm};
  }
  static constexpr std::array<Options, 3> fused() {
    return {of(Convention::keras), of(Convention::torch), of(Convention::paper)};
  }

  struct Hyperparameters {
    double beta_1;
    double beta_2;
    double epsilon;
  };

  static constexpr std::size_t slot_count(const Options& /*options*/) { return 2; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"m"}, {"u"}}; }

  template <typename T>
  struct Coefficients {
    T lr;  ///< bias correction included
    T beta_1;
    T one_minus_beta_1;
    T beta_2;
    T epsilon;
  };

  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    // Without an epsilon, the least that is divided by, so that a parameter without gradients (0 / 0) stays.
    const double epsilon =
        o.epsilon == Epsilon::none ? static_cast<double>(std::numeric_limits<float>::min()) : h.epsilon;
    return {lr / corrected_by<T>(o.correction, constant, h.beta_1, t), constant(h.beta_1),
            o.undamped ? constant.exact(1.0) : one_minus(constant, h.beta_1), constant(h.beta_2), constant(epsilon)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.uses_previous_state) step(o, c, p, state);
    state[0] = c.beta_1 * state[0] + c.one_minus_beta_1 * g;
    state[1] = larger(T(c.beta_2 * state[1]),
                      o.epsilon == Epsilon::inside_norm ? T(magnitude(g) + c.epsilon) : T(magnitude(g)));
    if (!o.uses_previous_state) step(o, c, p, state);
  }

 private:
  template <typename T>
  static void step(const Options& o, const Coefficients<T>& c, T& p, const T* state) {
    p -= c.lr * state[0] /
         (o.epsilon == Epsilon::beside_norm   ? T(state[1] + c.epsilon)
          : o.epsilon == Epsilon::inside_norm ? T(state[1])
                                              : T(larger(state[1], c.epsilon)));
  }
};

}  // namespace touchstone
