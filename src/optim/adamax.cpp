#include <torch/optim/optimizer.h>

#include <limits>

#include "optim/driven_rule.h"
#include "optim/optimizer.h"
#include "optim/torch_adamax.h"

namespace touchstone {
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
  if (config.convention != Convention::keras) return nullptr;
  using Rule = DrivenRule<Adamax, AdamaxOptions, AdamaxParamState>;
  return std::make_unique<Rule>(
      parameters,
      AdamaxOptions()
          .betas(std::make_tuple(kept(config, "beta_1", precision), kept(config, "beta_2", precision)))
          .eps(config.number("epsilon")),
      std::vector<Rule::Slot>{{"m", [](AdamaxParamState& s) -> at::Tensor& { return s.exp_avg(); }},
                              {"u", [](AdamaxParamState& s) -> at::Tensor& { return s.exp_inf(); }}});
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
  entry.mistakes = {{"adamax_eps_missing", "Adamax divides by u alone, where Keras divides by u + epsilon",
                     [](const OptimizerConfig& right) {
                       return right.convention == Convention::paper ? std::vector<OptimizerConfig>{}
                                                                    : with_convention(right, Convention::paper);
                     }}};
  return entry;
}

}  // namespace touchstone
