#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/bias_correction.h"
#include "optim/rule.h"

namespace touchstone {

/// Adam (Kingma and Ba, arXiv:1412.6980) in Keras's form (keras/optimizers.py),
///   m = beta_1 * m + (1 - beta_1) * g;  v = beta_2 * v + (1 - beta_2) * g^2;
///   p -= lr * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon),
/// with AMSGrad (Reddi, Kale and Kumar 2018) and AdamW's decay p *= 1 - lr * weight_decay before it (Loshchilov and
/// Hutter, arXiv:1711.05101, algorithm 2). PyTorch and the paper's algorithm 1 add epsilon to the corrected v:
/// sqrt(v / (1 - beta_2^t)) + epsilon, which is epsilon * sqrt(1 - beta_2^t) beside sqrt(v).
struct Adam {
  enum class Epsilon { outside_sqrt, inside_sqrt, none };
  enum class WeightDecay { none, before_step, after_step, in_gradient };

  struct Options {
    bool corrects_epsilon = false;  ///< adds epsilon to the corrected v
    bool amsgrad = false;           ///< divides by the maximum of v
    WeightDecay weight_decay = WeightDecay::none;
    bool decays_by_rate = true;  ///< multiplies the weight decay by the learning rate
    Epsilon epsilon = Epsilon::outside_sqrt;
    bool maximum_of_corrected = false;  ///< AMSGrad's maximum is that of the corrected v
    bool has_sqrt = true;
    BiasCorrection correction_m = BiasCorrection::of_t;
    BiasCorrection correction_v = BiasCorrection::of_t;
    bool undamped_m = false;           ///< m adds g instead of (1 - beta_1) * g
    bool undamped_v = false;           ///< v adds g^2 instead of (1 - beta_2) * g^2
    bool uses_previous_state = false;  ///< steps by m and v before this update
    bool nesterov = false;             ///< steps by beta_1 * m + (1 - beta_1) * g
    bool rectified = false;            ///< RAdam

    constexpr auto values() const {
      return std::make_tuple(corrects_epsilon, amsgrad, weight_decay, decays_by_rate, epsilon, maximum_of_corrected,
                             has_sqrt, correction_m, correction_v, undamped_m, undamped_v, uses_previous_state,
                             nesterov, rectified);
    }
    friend constexpr bool operator==(const Options& x, const Options& y) { return x.values() == y.values(); }
  };

  static constexpr Options of(Convention convention, bool amsgrad, bool has_weight_decay) {
    return {convention == Convention::torch || convention == Convention::paper, amsgrad,
            has_weight_decay ? WeightDecay::before_step : WeightDecay::none};
  }
  static constexpr std::array<Options, 8> fused() {
    constexpr Convention keras = Convention::keras;
    constexpr Convention torch = Convention::torch;
    return {of(keras, false, false), of(keras, true, false), of(torch, false, false), of(torch, true, false),
            of(keras, false, true),  of(keras, true, true),  of(torch, false, true),  of(torch, true, true)};
  }

  struct Hyperparameters {
    double beta_1;
    double beta_2;
    double epsilon;
    double weight_decay;       ///< multiplied by lr if `decays_by_rate`
    double decay_scale;        ///< and by this: the paper's decay is relative to the initial learning rate
    Precision corrections_in;  ///< Keras computes the bias corrections in the run's precision, others in double
  };

  static constexpr std::size_t slot_count(const Options& o) { return o.amsgrad ? 3 : 2; }
  static std::vector<Slot> slots(const Options& o) {
    return o.amsgrad ? std::vector<Slot>{{"m"}, {"v"}, {"vhat"}} : std::vector<Slot>{{"m"}, {"v"}};
  }

  template <typename T>
  struct Coefficients {
    T lr;  ///< bias corrections included
    T beta_1;
    T one_minus_beta_1;
    T beta_2;
    T one_minus_beta_2;
    T epsilon;
    T correction_v;
    T adapts;        ///< 1; 0 while RAdam does not divide by sqrt(v)
    T unadapted;     ///< 1 - adapts
    T weight_decay;  ///< the factor of a parameter; in_gradient: what of it is added to the gradient
  };

  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    const auto one = [&] { return T(constant.exact(1.0)); };
    const T correction_v = corrected_by<T>(o.correction_v, constant, h.beta_2, t, h.corrections_in);
    const bool is_inside_sqrt = o.has_sqrt || !o.corrects_epsilon;
    const T outside_sqrt = is_inside_sqrt ? T(rounded(root(correction_v), h.corrections_in)) : T(correction_v);
    const T correction_m = corrected_by<T>(o.correction_m, constant, h.beta_1, t, h.corrections_in);
    const Rectification rectification = o.rectified ? Rectification(h.beta_2, t) : Rectification();
    const bool corrects_v_in_rate = rectification.adapts && !o.maximum_of_corrected;
    const T rate = lr * T(rounded((corrects_v_in_rate ? outside_sqrt : one()) / correction_m, h.corrections_in));
    const T scale = !o.corrects_epsilon || o.maximum_of_corrected ? T(constant(1.0))
                    : o.epsilon == Epsilon::inside_sqrt           ? T(correction_v)
                                                                  : T(outside_sqrt);
    return {o.rectified ? T(rate * constant(rectification.factor)) : T(rate),
            constant(h.beta_1),
            o.undamped_m ? one() : T(one_minus(constant, h.beta_1)),
            constant(h.beta_2),
            o.undamped_v ? one() : T(one_minus(constant, h.beta_2)),
            constant(o.epsilon == Epsilon::none ? negligible_epsilon : h.epsilon) * scale,
            correction_v,
            constant.exact(rectification.adapts ? 1.0 : 0.0),
            constant.exact(rectification.adapts ? 0.0 : 1.0),
            o.weight_decay == WeightDecay::none          ? one()
            : o.weight_decay == WeightDecay::in_gradient ? T(constant(h.weight_decay))
                                                         : T(constant(1.0) - decay(o, h, constant, lr))};
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& gradient, T* state) {
    if (o.weight_decay == WeightDecay::before_step) p *= c.weight_decay;
    const T g = o.weight_decay == WeightDecay::in_gradient ? T(gradient + c.weight_decay * p) : T(gradient);
    if (o.uses_previous_state) step(o, c, p, g, state);
    state[0] = c.beta_1 * state[0] + c.one_minus_beta_1 * g;
    state[1] = c.beta_2 * state[1] + c.one_minus_beta_2 * (g * g);
    if (!o.uses_previous_state) step(o, c, p, g, state);
    if (o.weight_decay == WeightDecay::after_step) p *= c.weight_decay;
  }

 private:
  template <typename T, typename Constants>
  static T decay(const Options& o, const Hyperparameters& h, const Constants& constant, const T& lr) {
    return o.decays_by_rate ? T(lr * constant(h.decay_scale) * constant(h.weight_decay)) : T(constant(h.weight_decay));
  }

  template <typename T>
  static void step(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.amsgrad) state[2] = larger(T(state[2]), o.maximum_of_corrected ? T(state[1] / c.correction_v) : T(state[1]));
    const T& v = state[o.amsgrad ? 2 : 1];
    T divisor = !o.has_sqrt                         ? T(v + c.epsilon)
                : o.epsilon == Epsilon::inside_sqrt ? T(root(v + c.epsilon))
                                                    : T(root(v) + c.epsilon);
    if (o.rectified) divisor = c.adapts * divisor + c.unadapted;
    p -= c.lr * (o.nesterov ? T(c.beta_1 * state[0] + c.one_minus_beta_1 * g) : T(state[0])) / divisor;
  }
};

}  // namespace touchstone
