#pragma once

#include "optim/adam.h"

namespace touchstone {

/// AdamW (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2): p *= 1 - lr * weight_decay, then Adam. The paper's
/// decay is relative to the initial learning rate.
struct AdamW {
  enum class WeightDecay { before_step, after_step, in_gradient, none };

  struct Options : Adam::Options {
    WeightDecay weight_decay = WeightDecay::before_step;
    bool decays_by_rate = true;  ///< multiplies the weight decay by the learning rate

    constexpr auto fields() const {
      return std::tuple_cat(Adam::Options::fields(), std::make_tuple(weight_decay, decays_by_rate));
    }
  };

  static ComponentSpec spec() {
    ComponentSpec spec = Adam::spec();
    spec.name = "AdamW";
    spec.arguments.insert(spec.arguments.begin() + 4, {"weight_decay", 0.004, at_least_zero});
    return spec;
  }
  static Options options(const OptimizerConfig& config) { return {Adam::options(config)}; }
  static constexpr std::array<Options, 4> fused() {
    constexpr auto adam = Adam::fused();
    return {Options{adam[0]}, Options{adam[1]}, Options{adam[2]}, Options{adam[3]}};
  }
  static constexpr std::size_t slot_count(const Options& o) { return Adam::slot_count(o); }
  static std::vector<Slot> slots(const Options& o) { return Adam::slots(o); }

  struct Hyperparameters : Adam::Hyperparameters {
    double weight_decay;
    double scale;  ///< of the rate that multiplies it

    static Hyperparameters of(const OptimizerConfig& config, Precision precision) {
      const bool is_relative = config.convention == Convention::paper && config.number("lr") > 0.0;
      return {Adam::Hyperparameters::of(config, precision), config.number("weight_decay"),
              is_relative ? 1.0 / config.number("lr") : 1.0};
    }
  };

  template <typename T>
  struct Coefficients {
    typename Adam::Coefficients<T> adam;
    T weight_decay;  ///< the factor of a parameter; in_gradient: what of it is added to the gradient
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& o, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t t) {
    const auto adam = Adam::coefficients<T>(o, h, constant, lr, t);
    const bool in_gradient = o.weight_decay == WeightDecay::in_gradient;
    if (in_gradient) return {adam, constant(h.weight_decay)};
    const T decay =
        o.decays_by_rate ? T(lr * constant(h.scale) * constant(h.weight_decay)) : T(constant(h.weight_decay));
    return {adam, constant(1.0) - decay};
  }

  static TextBranch branch(const Options& o, const Hyperparameters& h) { return Adam::branch(o, h); }

  template <typename T>
  static void apply(const Options& o, const Coefficients<T>& c, T& p, const T& g, T* state) {
    if (o.weight_decay == WeightDecay::before_step) p *= c.weight_decay;
    const bool in_gradient = o.weight_decay == WeightDecay::in_gradient;
    Adam::apply<T>(o, c.adam, p, in_gradient ? T(g + c.weight_decay * p) : T(g), state);
    if (o.weight_decay == WeightDecay::after_step) p *= c.weight_decay;
  }
};

}  // namespace touchstone
