#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/rule.h"

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

    friend constexpr bool operator==(const Options& x, const Options& y) {
      return std::tie(x.epsilon, x.undamped, x.uses_previous_state, x.accumulates_rate) ==
             std::tie(y.epsilon, y.undamped, y.uses_previous_state, y.accumulates_rate);
    }
  };

  static constexpr Options of(Convention /*convention*/) { return {}; }
  static constexpr std::array<Options, 1> fused() { return {Options{}}; }

  struct Hyperparameters {
    double rho;
    double epsilon;
  };

  static constexpr std::size_t slot_count(const Options& /*options*/) { return 2; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"accumulator"}, {"delta_accumulator"}}; }

  template <typename T>
  struct Coefficients {
    T lr;
    T rho;
    T one_minus_rho;
    T epsilon;
  };

  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t /*t*/) {
    return {lr, constant(h.rho), o.undamped ? constant.exact(1.0) : one_minus(constant, h.rho), constant(h.epsilon)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    T& a = state[0];
    T& d = state[1];
    if (!o.uses_previous_state) a = c.rho * a + c.one_minus_rho * (g * g);
    const T update = o.epsilon == Epsilon::outside_sqrts      ? g * (root(d) + c.epsilon) / (root(a) + c.epsilon)
                     : o.epsilon == Epsilon::inside_numerator ? g * root(d + c.epsilon) / root(a)
                                                              : g * root(d + c.epsilon) / root(a + c.epsilon);
    p -= c.lr * update;
    const T accumulated = o.accumulates_rate ? T(c.lr * update) : T(update);
    d = c.rho * d + c.one_minus_rho * (accumulated * accumulated);
    if (o.uses_previous_state) a = c.rho * a + c.one_minus_rho * (g * g);
  }
};

}  // namespace touchstone
