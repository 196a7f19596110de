#pragma once

#include "optim/moments.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// Adam (Kingma and Ba, arXiv:1412.6980) in Keras's form (keras/optimizers.py),
///   m = beta_1 * m + (1 - beta_1) * g;  v = beta_2 * v + (1 - beta_2) * g^2;
///   p -= lr * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon),
/// with AMSGrad (Reddi, Kale and Kumar 2018). PyTorch and the paper's algorithm 1 add epsilon to the corrected v:
/// sqrt(v / (1 - beta_2^t)) + epsilon, which is epsilon * sqrt(1 - beta_2^t) beside sqrt(v).
struct Adam {
  struct Options {
    Epsilon epsilon = Epsilon::outside_sqrt;
    bool amsgrad = false;               ///< divides by the maximum of v
    bool maximum_of_corrected = false;  ///< AMSGrad's maximum is that of the corrected v
    BiasCorrections corrections = {};
    bool has_sqrt = true;
    bool undamped_m = false, undamped_v = false;  ///< m adds g instead of (1 - beta_1) * g; v likewise
    bool uses_previous_state = false;             ///< steps by m and v before this update
    bool nesterov = false;                        ///< steps by beta_1 * m + (1 - beta_1) * g
    bool rectified = false;                       ///< RAdam

    constexpr auto fields() const {
      return std::make_tuple(epsilon, amsgrad, maximum_of_corrected, corrections, has_sqrt, undamped_m, undamped_v,
                             uses_previous_state, nesterov, rectified);
    }
  };
  static ComponentSpec spec() { return moment_spec("Adam", 0.001, {{"amsgrad", false}}); }
  static Options options(const OptimizerConfig& config) {
    return {is_keras(config.convention) ? Epsilon::outside_sqrt : Epsilon::outside_corrected_sqrt,
            config.flag("amsgrad")};
  }
  static constexpr std::array<Options, 4> fused() {
    constexpr Epsilon keras = Epsilon::outside_sqrt, torch = Epsilon::outside_corrected_sqrt;
    return {Options{keras, false}, Options{keras, true}, Options{torch, false}, Options{torch, true}};
  }
  static constexpr std::size_t slot_count(const Options& o) { return o.amsgrad ? 3 : 2; }
  static std::vector<Slot> slots(const Options& o) {
    return o.amsgrad ? std::vector<Slot>{{"m"}, {"v"}, {"vhat"}} : std::vector<Slot>{{"m"}, {"v"}};
  }

  using Hyperparameters = MomentHyperparameters;
  template <typename T>
  struct Coefficients {
    T lr;  ///< bias corrections included
    RunningMean<T> m, v;
    T epsilon, correction_v;
    T adapts, unadapted;  ///< 1 and 0; 0 and 1 while RAdam does not divide by sqrt(v)
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    const T correction_v = corrected_by<T>(o.corrections.v, constant, h.beta_2, t, h.corrections_in);
    const bool is_of_sqrt = o.has_sqrt || !is_corrected(o.epsilon);
    const T of_divisor = is_of_sqrt ? T(rounded(sqrt(correction_v), h.corrections_in)) : T(correction_v);
    const T correction_m = corrected_by<T>(o.corrections.m, constant, h.beta_1, t, h.corrections_in);
    const auto [adapts, factor] = Rectification::of(o.rectified, h.beta_2, t);
    const T numerator = adapts && !o.maximum_of_corrected ? T(of_divisor) : T(constant.exact(1.0));
    const T rate = lr * T(rounded(numerator / correction_m, h.corrections_in));
    const T scale = !is_corrected(o.epsilon) || o.maximum_of_corrected ? T(constant(1.0))
                    : o.epsilon == Epsilon::inside_corrected_sqrt      ? T(correction_v)
                                                                       : T(of_divisor);
    const auto factor_text = [&] { return Rectification::factor_text(h.beta_2); };
    const T scaled_rate = o.rectified && adapts ? T(rate * constant.named(factor, factor_text)) : T(rate);
    const auto m = running_mean<T>(constant, h.beta_1, o.undamped_m);
    const auto v = running_mean<T>(constant, h.beta_2, o.undamped_v);
    const T epsilon = epsilon_constant(constant, o.epsilon, h.epsilon) * scale;
    return {scaled_rate, m, v, epsilon, correction_v, constant.exact(adapts), constant.exact(!adapts)};
  }

  static TextBranch branch(const Options& o, const Hyperparameters& h) {
    return Rectification::branch(o.rectified, h.beta_2);
  }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.uses_previous_state) step(o, c, p, g, state);
    c.m.add(state[0], g);
    c.v.add(state[1], g * g);
    if (!o.uses_previous_state) step(o, c, p, g, state);
  }

 private:
  template <typename T>
  static void step(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.amsgrad) state[2] = max(T(state[2]), o.maximum_of_corrected ? T(state[1] / c.correction_v) : T(state[1]));
    T divisor = sqrt_divisor(o.epsilon, o.has_sqrt, T(state[o.amsgrad ? 2 : 1]), c.epsilon);
    if (o.rectified) divisor = c.adapts * divisor + c.unadapted;
    p -= c.lr * (o.nesterov ? T(c.m.beta * state[0] + c.m.one_minus_beta * g) : T(state[0])) / divisor;
  }
};

}  // namespace touchstone
