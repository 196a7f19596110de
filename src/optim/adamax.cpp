#include <limits>

#include "optim/optimizer.h"
#include "optim/torch_rule.h"
#include "optim/variant.h"

namespace touchstone {

/// torch_adamax.cpp
std::unique_ptr<TorchRule> torch_adamax(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                        double epsilon);

namespace {

template <typename T>
struct AdamaxCoefficients {
  T rate;  ///< bias correction included
  T keep_m;
  T take_m;
  T keep_u;
  T epsilon;
};

/// Algorithm 2 of Kingma and Ba (arXiv:1412.6980), and an epsilon beside the norm, as Keras has it.
struct KerasAdamax {
  template <typename T>
  using Coefficients = AdamaxCoefficients<T>;
  template <typename T>
  static void apply(const AdamaxCoefficients<T>& c, T& p, T g, T& m, T& u) {
    m = c.keep_m * m + c.take_m * g;
    u = larger(c.keep_u * u, magnitude(g));
    p -= c.rate * m / (u + c.epsilon);
  }
};

/// PyTorch's (torch/optim/adamax.py): epsilon inside the norm.
struct TorchAdamax {
  template <typename T>
  using Coefficients = AdamaxCoefficients<T>;
  template <typename T>
  static void apply(const AdamaxCoefficients<T>& c, T& p, T g, T& m, T& u) {
    m = c.keep_m * m + c.take_m * g;
    u = larger(c.keep_u * u, magnitude(g) + c.epsilon);
    p -= c.rate * m / u;
  }
};

/// As printed, without an epsilon: `epsilon` is the least that is divided by, so that a parameter that never had a
/// gradient (0 / 0) stays.
struct PaperAdamax {
  template <typename T>
  using Coefficients = AdamaxCoefficients<T>;
  template <typename T>
  static void apply(const AdamaxCoefficients<T>& c, T& p, T g, T& m, T& u) {
    m = c.keep_m * m + c.take_m * g;
    u = larger(c.keep_u * u, magnitude(g));
    p -= c.rate * m / larger(u, c.epsilon);
  }
};

Formula adamax_formula(const OptimizerConfig& config, Precision precision) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const bool paper = config.convention == Convention::paper;
  const double epsilon = paper ? static_cast<double>(std::numeric_limits<float>::min()) : config.number("epsilon");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t t) {
    return AdamaxCoefficients<std::decay_t<decltype(lr)>>{lr / bias_correction(constant, beta_1, t), constant(beta_1),
                                                          complement(constant, beta_1), constant(beta_2),
                                                          constant(epsilon)};
  };
  const std::vector<Slot> slots = {{"m"}, {"u"}};
  if (paper) return formula_of<PaperAdamax>(slots, coefficients);
  return config.convention == Convention::torch ? formula_of<TorchAdamax>(slots, coefficients)
                                                : formula_of<KerasAdamax>(slots, coefficients);
}

std::unique_ptr<UpdateRule> adamax_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                        Precision precision) {
  if (!is_keras(config.convention)) return nullptr;
  return torch_adamax(parameters, kept(config, "beta_1", precision), kept(config, "beta_2", precision),
                      config.number("epsilon"));
}

Formula adamax_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const double beta_1 = config.number("beta_1");
  const double beta_2 = config.number("beta_2");
  const std::string chosen_place = choice(config, "epsilon.place");
  const std::string place = !chosen_place.empty()                    ? chosen_place
                            : config.convention == Convention::paper ? "nowhere"
                            : config.convention == Convention::torch ? "in_norm"
                                                                     : "beside";
  const auto least = static_cast<double>(std::numeric_limits<float>::min());
  const double epsilon = place == "nowhere" ? least : config.number("epsilon");
  const bool stale = is_chosen(config, "moments.used", "stale");
  const bool whole = is_chosen(config, "take.form", "whole");
  const std::string correction = choice(config, "correction.form");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t t) {
    const auto by =
        correction == "none" ? constant(1.0) : bias_correction(constant, beta_1, correction == "t+1" ? t + 1 : t);
    return AdamaxCoefficients<std::decay_t<decltype(lr)>>{lr / by, constant(beta_1),
                                                          whole ? constant(1.0) : complement(constant, beta_1),
                                                          constant(beta_2), constant(epsilon)};
  };
  const auto apply = [=](const auto& c, auto& p, const auto& g, auto* slots) {
    const auto step = [&] {
      p -= c.rate * slots[0] /
           (place == "beside"    ? slots[1] + c.epsilon
            : place == "in_norm" ? slots[1]
                                 : larger(slots[1], c.epsilon));
    };
    if (stale) step();
    slots[0] = c.keep_m * slots[0] + c.take_m * g;
    slots[1] = larger(c.keep_u * slots[1], place == "in_norm" ? magnitude(g) + c.epsilon : magnitude(g));
    if (!stale) step();
  };
  return variant_of({{"m"}, {"u"}}, coefficients, apply);
}

std::vector<OptimizerMistake> adamax_mistakes() {
  const auto unless = [](Convention convention) {
    return [convention](const OptimizerConfig& right) { return right.convention != convention; };
  };
  return {chosen("epsilon.place", "nowhere", "adamax_eps_missing", "Adamax divides by u instead of u + epsilon",
                 unless(Convention::paper)),
          chosen("epsilon.place", "in_norm", "adamax_eps_in_norm",
                 "Adamax adds epsilon inside the maximum, as PyTorch does: u = max(beta_2*u, |g| + epsilon)",
                 unless(Convention::torch)),
          chosen("epsilon.place", "beside", "adamax_eps_beside",
                 "Adamax adds epsilon to u, as Keras does: m / (u + epsilon)",
                 [](const OptimizerConfig& right) { return !is_keras(right.convention); }),
          chosen("correction.form", "none", "adamax_no_bias_correction", "Adamax omits the bias correction"),
          chosen("correction.form", "t+1", "adamax_correction_late",
                 "Adamax's bias correction uses t + 1 instead of t; t is 1 in the first update"),
          chosen("moments.used", "stale", "adamax_moments_stale",
                 "Adamax uses the previous update's moments instead of the current ones"),
          chosen("take.form", "whole", "adamax_m_undamped",
                 "Adamax's m adds the whole gradient instead of (1 - beta_1) times it"),
          swapped("beta_1", "beta_2", "betas_swapped")};
}

}  // namespace

OptimizerEntry adamax() {
  OptimizerEntry entry;
  entry.spec = {"Adamax",
                {{"lr", 0.002, at_least_zero},
                 {"beta_1", 0.9, below_one},
                 {"beta_2", 0.999, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"m", "u"};
  entry.formula = &adamax_formula;
  entry.torch = &adamax_rule;
  entry.examples = {{"", {{"lr", 0.01}}},
                    {"arguments", {{"lr", 0.01}, {"beta_1", 0.8}, {"beta_2", 0.95}, {"epsilon", 1e-3}}, {}}};
  entry.mistakes = adamax_mistakes();
  entry.variant = &adamax_variant;
  return entry;
}

}  // namespace touchstone
