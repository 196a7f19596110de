#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/rule.h"

namespace touchstone {

/// Stochastic gradient descent with momentum (Qian 1999) and Nesterov's look-ahead. Keras (keras/optimizers.py) applies
/// the learning rate inside the velocity, v = momentum * v - lr * g; p += v. PyTorch applies it outside,
/// v = momentum * v + g; p -= lr * v, and keeps no velocity without momentum.
struct Sgd {
  enum class Lookahead { none, nesterov, backward };  ///< p moves by v; by momentum * v and g; by -momentum * v and g
  enum class Dampening { none, constant, after_first_update, one_minus_momentum };  ///< what g is multiplied by in v

  struct Options {
    bool rate_inside = true;
    bool has_velocity = true;
    Lookahead lookahead = Lookahead::none;
    Dampening dampening = Dampening::none;

    friend constexpr bool operator==(const Options& x, const Options& y) {
      return std::tie(x.rate_inside, x.has_velocity, x.lookahead, x.dampening) ==
             std::tie(y.rate_inside, y.has_velocity, y.lookahead, y.dampening);
    }
  };

  static constexpr Options of(Convention convention, bool has_momentum, bool nesterov) {
    const bool has_velocity = has_momentum || convention != Convention::torch;
    return {convention != Convention::torch, has_velocity,
            nesterov && has_velocity ? Lookahead::nesterov : Lookahead::none};
  }
  static constexpr std::array<Options, 5> fused() {
    return {of(Convention::keras, true, false), of(Convention::keras, true, true), of(Convention::torch, true, false),
            of(Convention::torch, true, true), of(Convention::torch, false, false)};
  }

  struct Hyperparameters {
    double momentum;
    double dampening = 0.0;
  };

  static constexpr std::size_t slot_count(const Options& o) { return o.has_velocity ? 1 : 0; }
  static std::vector<Slot> slots(const Options& o) {
    return o.has_velocity ? std::vector<Slot>{{"moment"}} : std::vector<Slot>{};
  }

  template <typename T>
  struct Coefficients {
    T lr;
    T momentum;
    T undamped;  ///< the factor of g in the velocity
  };

  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    const bool is_constant =
        o.dampening == Dampening::constant || (o.dampening == Dampening::after_first_update && t > 1);
    return {lr, constant(h.momentum),
            o.dampening == Dampening::one_minus_momentum ? one_minus(constant, h.momentum)
            : is_constant                                ? one_minus(constant, h.dampening)
                                                         : constant.exact(1.0)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (!o.has_velocity) {
      p -= c.lr * g;
    } else if (o.rate_inside) {
      T& v = state[0];
      v = o.dampening == Dampening::none ? c.momentum * v - c.lr * g : c.momentum * v - c.undamped * c.lr * g;
      if (o.lookahead == Lookahead::none) p += v;
      if (o.lookahead == Lookahead::nesterov) p += c.momentum * v - c.lr * g;
      if (o.lookahead == Lookahead::backward) p -= c.momentum * v + c.lr * g;
    } else {
      T& v = state[0];
      v = o.dampening == Dampening::none ? c.momentum * v + g : c.momentum * v + c.undamped * g;
      if (o.lookahead == Lookahead::none) p -= c.lr * v;
      if (o.lookahead == Lookahead::nesterov) p -= c.lr * (g + c.momentum * v);
      if (o.lookahead == Lookahead::backward) p -= c.lr * (g - c.momentum * v);
    }
  }
};

}  // namespace touchstone
