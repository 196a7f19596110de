#include "optim/adamax.h"

#include "optim/choices.h"
#include "optim/optimizer.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_adamax.cpp
std::unique_ptr<TorchRule> torch_adamax(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                        double epsilon);

namespace {

Adamax::Options adamax_options(const OptimizerConfig& config) {
  Adamax::Options options = Adamax::of(config.convention);
  if (is_chosen(config, "epsilon.place", "nowhere")) options.epsilon = Adamax::Epsilon::none;
  if (is_chosen(config, "epsilon.place", "in_norm")) options.epsilon = Adamax::Epsilon::inside_norm;
  if (is_chosen(config, "epsilon.place", "beside")) options.epsilon = Adamax::Epsilon::beside_norm;
  if (is_chosen(config, "correction.form", "none")) options.correction = BiasCorrection::none;
  if (is_chosen(config, "correction.form", "t+1")) options.correction = BiasCorrection::of_next_t;
  options.undamped = is_chosen(config, "take.form", "whole");
  options.uses_previous_state = is_chosen(config, "moments.used", "stale");
  return options;
}

Formula adamax_formula(const OptimizerConfig& config, Precision precision) {
  return RuleFormula<Adamax>(adamax_options(config),
                             {rounded_argument(config, "beta_1", precision),
                              rounded_argument(config, "beta_2", precision), config.number("epsilon")})
      .formula();
}

std::unique_ptr<UpdateRule> adamax_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                        Precision precision) {
  if (!is_keras(config.convention)) return nullptr;
  return torch_adamax(parameters, rounded_argument(config, "beta_1", precision),
                      rounded_argument(config, "beta_2", precision), config.number("epsilon"));
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
  return entry;
}

}  // namespace touchstone
