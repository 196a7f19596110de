#include "optim/adadelta.h"

#include "optim/choices.h"
#include "optim/optimizer.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_adadelta.cpp
std::unique_ptr<TorchRule> torch_adadelta(const std::vector<at::Tensor>& parameters, double rho, double epsilon);

namespace {

Adadelta::Options adadelta_options(const OptimizerConfig& config) {
  Adadelta::Options options = Adadelta::of(config.convention);
  if (is_chosen(config, "epsilon.place", "outside")) options.epsilon = Adadelta::Epsilon::outside_sqrts;
  if (is_chosen(config, "epsilon.place", "above")) options.epsilon = Adadelta::Epsilon::inside_numerator;
  options.undamped = is_chosen(config, "take.form", "whole");
  options.uses_previous_state = is_chosen(config, "accumulator.used", "stale");
  options.accumulates_rate = is_chosen(config, "delta.form", "with_rate");
  return options;
}

Formula adadelta_formula(const OptimizerConfig& config, Precision /*precision*/) {
  return RuleFormula<Adadelta>(adadelta_options(config), {config.number("rho"), config.number("epsilon")}).formula();
}

std::vector<OptimizerMistake> adadelta_mistakes() {
  return {chosen("epsilon.place", "outside", "adadelta_eps_outside_roots",
                 "Adadelta adds epsilon outside the square roots instead of inside"),
          chosen("epsilon.place", "above", "adadelta_eps_above_only",
                 "Adadelta adds epsilon in the numerator's square root only instead of in both"),
          chosen("accumulator.used", "stale", "adadelta_accumulators_stale",
                 "Adadelta uses the previous update's accumulators instead of the current ones"),
          chosen("take.form", "whole", "adadelta_undamped",
                 "Adadelta's accumulators add the whole squares instead of (1 - rho) times them"),
          chosen("delta.form", "with_rate", "adadelta_delta_with_rate",
                 "Adadelta accumulates updates that include the learning rate instead of updates without it")};
}

std::unique_ptr<UpdateRule> adadelta_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                          Precision /*precision*/) {
  return torch_adadelta(parameters, config.number("rho"), config.number("epsilon"));
}

}  // namespace

OptimizerEntry adadelta() {
  OptimizerEntry entry;
  entry.spec = {"Adadelta",
                {{"lr", 1.0, at_least_zero},
                 {"rho", 0.95, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"accumulator", "delta_accumulator"};
  entry.formula = &adadelta_formula;
  entry.torch = &adadelta_rule;
  entry.examples = {{"", {}}, {"arguments", {{"lr", 0.5}, {"rho", 0.8}, {"epsilon", 1e-4}}, {}}};
  entry.mistakes = adadelta_mistakes();
  return entry;
}

}  // namespace touchstone
