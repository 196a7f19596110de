#pragma once

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
    bool has_momentum = false;
    Lookahead lookahead = Lookahead::none;
    Dampening dampening = Dampening::none;

    constexpr auto fields() const { return std::make_tuple(rate_inside, has_momentum, lookahead, dampening); }
  };

  static ComponentSpec spec() {
    return optimizer_spec("SGD", 0.01, {{"momentum", 0.0, below_one}, {"nesterov", false}});
  }
  static constexpr Options of(bool rate_inside, bool has_momentum, bool nesterov) {
    return {rate_inside, has_momentum, nesterov ? Lookahead::nesterov : Lookahead::none};
  }
  static Options options(const OptimizerConfig& config) {
    const bool has_momentum = config.number("momentum") != 0.0;  // below 0 too, where it is solved for
    const bool rate_inside = config.convention != Convention::torch;
    return of(rate_inside, has_momentum, config.flag("nesterov") && (has_momentum || rate_inside));
  }
  static constexpr std::array<Options, 7> fused() {
    return {of(true, false, false), of(true, false, true), of(true, true, false),  of(true, true, true),
            of(false, true, false), of(false, true, true), of(false, false, false)};
  }
  static constexpr std::size_t slot_count(const Options& o) { return o.rate_inside || o.has_momentum ? 1 : 0; }
  static std::vector<Slot> slots(const Options& o) {
    return slot_count(o) == 0 ? std::vector<Slot>{} : std::vector<Slot>{{"moment", 0.0, o.has_momentum}};
  }

  struct Hyperparameters {
    double momentum;
    double dampening;
    static Hyperparameters of(const OptimizerConfig& config, Precision precision) {
      return {rounded(config.number("momentum"), precision), config.number_or("dampening", 0.0)};
    }
  };

  template <typename T>
  struct Coefficients {
    T lr;
    T momentum;
    T undamped;  ///< the factor of g in the velocity
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    const bool is_dampened =
        o.dampening == Dampening::constant || (o.dampening == Dampening::after_first_update && t > 1);
    return {lr, constant(h.momentum),
            o.dampening == Dampening::one_minus_momentum ? one_minus(constant, h.momentum)
            : is_dampened                                ? one_minus(constant, h.dampening)
                                                         : constant.exact(1.0)};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (slot_count(o) == 0) {
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
