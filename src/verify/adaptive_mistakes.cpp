#include <ATen/ATen.h>

#include <cmath>

#include "optim/formula_rule.h"
#include "optim/precision.h"
#include "verify/mistake.h"

namespace touchstone {
namespace {

/// What Adam's formula is made of, at one update of one parameter.
struct AdamTerms {
  double lr;
  double correction_1;  ///< 1 - beta_1^t
  double correction_2;  ///< 1 - beta_2^t
  double epsilon;
  at::Tensor m;
  at::Tensor v;  ///< the second moment that is divided by: vhat with amsgrad
};

/// By how much a parameter falls.
using AdamStep = at::Tensor (*)(const AdamTerms&);

/// Which t the bias correction uses.
using AdamCount = std::int64_t (*)(const FormulaRule::Step&);

double power(double beta, std::int64_t t, Precision precision) {
  return rounded(std::pow(rounded(beta, precision), static_cast<double>(t)), precision);
}

/// Adam with another last line; moments as they should be. In float32 the corrections are taken in float32, as
/// Keras does.
FormulaRule::Formula adam_formula(const OptimizerConfig& config, Precision precision, AdamStep fall, AdamCount count) {
  return [=, amsgrad = config.flag("amsgrad"), epsilon = config.number("epsilon"),
          beta_1 = rounded(config.number("beta_1"), precision),
          beta_2 = rounded(config.number("beta_2"), precision)](FormulaRule::Step& step) {
    const at::Tensor& m = step.slots[0].mul_(beta_1).add_(step.gradient, 1.0 - beta_1);
    at::Tensor v = step.slots[1].mul_(beta_2).addcmul_(step.gradient, step.gradient, 1.0 - beta_2);
    if (amsgrad) v = step.slots[2].copy_(at::maximum(step.slots[2], v));
    const std::int64_t t = count(step);
    step.parameter.sub_(fall({step.lr, rounded(1.0 - power(beta_1, t, precision), precision),
                              rounded(1.0 - power(beta_2, t, precision), precision), epsilon, m, v}));
  };
}

std::int64_t by_update(const FormulaRule::Step& step) { return step.t; }

std::int64_t by_tensor(const FormulaRule::Step& step) {
  return (step.t - 1) * static_cast<std::int64_t>(step.count) + static_cast<std::int64_t>(step.index) + 1;
}

at::Tensor keras_step(const AdamTerms& a) {
  return a.m / (a.v.sqrt() + a.epsilon) * (a.lr * std::sqrt(a.correction_2) / a.correction_1);
}

at::Tensor epsilon_after_correction(const AdamTerms& a) {
  return a.m / a.correction_1 / ((a.v / a.correction_2).sqrt() + a.epsilon) * a.lr;
}

at::Tensor epsilon_inside_root(const AdamTerms& a) {
  return a.m / (a.v + a.epsilon).sqrt() * (a.lr * std::sqrt(a.correction_2) / a.correction_1);
}

at::Tensor no_bias_correction(const AdamTerms& a) { return a.m / (a.v.sqrt() + a.epsilon) * a.lr; }

std::vector<Setup> mistaken_adam(const Setup& right, AdamStep step, AdamCount count = by_update) {
  if (right.config.optimizer.name != "Adam") return {};
  Setup setup = right;
  setup.recipe.make_rule = [step, count](const std::vector<at::Tensor>& parameters,
                                         const OptimizerConfig& config) -> std::unique_ptr<UpdateRule> {
    std::vector<std::string> slots = {"m", "v"};
    if (config.flag("amsgrad")) slots.emplace_back("vhat");
    return std::make_unique<FormulaRule>(parameters, slots,
                                         adam_formula(config, precision_of(parameters), step, count));
  };
  return {setup};
}

std::vector<Setup> small_epsilon(const Setup& right) {
  constexpr double torchs = 1e-8;
  if (right.config.optimizer.name != "Adam" || right.config.optimizer.number("epsilon") == torchs) return {};
  Setup setup = right;
  setup.config.optimizer.arguments["epsilon"] = torchs;
  return {setup};
}

std::vector<Setup> other_rho(const Setup& right) {
  std::vector<Setup> setups;
  if (right.config.optimizer.arguments.count("rho") == 0) return setups;
  for (const double rho : {0.9, 0.95, 0.99, 0.999}) {
    if (right.config.optimizer.number("rho") == rho) continue;
    setups.push_back(right);
    setups.back().config.optimizer.arguments["rho"] = rho;
  }
  return setups;
}

std::vector<Setup> filled_accumulator(const Setup& right) {
  if (right.config.optimizer.name != "Adagrad") return {};
  Setup setup = right;
  setup.recipe.make_rule = [make_rule = right.recipe.make_rule](const std::vector<at::Tensor>& parameters,
                                                                const OptimizerConfig& config) {
    auto rule = make_rule(parameters, config);
    Slots start;
    for (const at::Tensor& parameter : parameters) {
      start["accumulator"].push_back(at::full_like(parameter.detach(), 0.1));
    }
    rule->restore(start, 0);
    return rule;
  };
  return {setup};
}

std::vector<Setup> adamax_without_epsilon(const Setup& right) {
  if (right.config.optimizer.name != "Adamax" || right.config.optimizer.convention == Convention::paper) return {};
  Setup setup = right;
  setup.config.optimizer.convention = Convention::paper;
  return {setup};
}

}  // namespace

std::vector<Mistake> adaptive_mistakes() {
  return {
      {"adam_eps_after_correction",
       "Adam's epsilon is added after the bias correction, as in PyTorch and the paper's algorithm 1, where Keras adds "
       "it before: lr*sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon)",
       [](const Setup& right) {
         return right.config.optimizer.convention == Convention::keras ? mistaken_adam(right, epsilon_after_correction)
                                                                       : std::vector<Setup>{};
       }},
      {"adam_eps_inside_root", "Adam's epsilon is inside the root, sqrt(v + epsilon), where it belongs outside",
       [](const Setup& right) { return mistaken_adam(right, epsilon_inside_root); }},
      {"adam_no_bias_correction", "Adam's bias correction sqrt(1-b2^t)/(1-b1^t) is left out",
       [](const Setup& right) { return mistaken_adam(right, no_bias_correction); }},
      {"adam_eps_1e-8", "Adam's epsilon is 1e-8, PyTorch's default, and not the one that the configuration names",
       &small_epsilon},
      {"bias_correction_per_tensor",
       "Adam's step count goes up once for each parameter tensor, where it should once for each update",
       [](const Setup& right) { return mistaken_adam(right, keras_step, by_tensor); }},
      {"rho_mistaken",
       "rho is another than the configuration's: 0.9 is Keras's RMSprop, 0.99 PyTorch's, 0.95 Keras's Adadelta",
       &other_rho},
      {"adagrad_accumulator_0.1", "Adagrad's accumulator starts at 0.1, where it should at 0", &filled_accumulator},
      {"adamax_eps_missing", "Adamax divides by u alone, where Keras divides by u + epsilon", &adamax_without_epsilon},
  };
}

}  // namespace touchstone
