#include "optim/rmsprop.h"

#include "optim/optimizer.h"
#include "optim/sqrt_divisor_deviations.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_builtin.cpp: a = rho * a + (1 - rho) * g^2; p -= lr * g / (sqrt(a) + epsilon).
std::unique_ptr<TorchRule> torch_rmsprop(const std::vector<at::Tensor>& parameters, double rho, double epsilon);

namespace {

RmsProp::Options rmsprop_options(const OptimizerConfig& config) {
  RmsProp::Options options = RmsProp::of(config.convention);
  options.divisor = divisor_of(config);
  options.undamped = is_chosen(config, "take.form", "whole");
  options.uses_previous_state = is_chosen(config, "accumulator.used", "stale");
  options.centered = is_chosen(config, "accumulator.form", "centred");
  options.bias_corrected = is_chosen(config, "correction.form", "as_adam");
  options.has_momentum = config.number_or("momentum.of", 0.0) > 0.0;
  return options;
}

Formula rmsprop_formula(const OptimizerConfig& config, Precision precision) {
  return RuleFormula<RmsProp>(rmsprop_options(config), {rounded_argument(config, "rho", precision),
                                                        config.number("epsilon"), config.number_or("momentum.of", 0.0)})
      .formula();
}

std::unique_ptr<UpdateRule> rmsprop_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision precision) {
  if (RmsProp::of(config.convention).divisor.epsilon != SqrtDivisor::Epsilon::outside_sqrt) return nullptr;
  return torch_rmsprop(parameters, rounded_argument(config, "rho", precision), config.number("epsilon"));
}

std::vector<OptimizerMistake> rmsprop_mistakes() {
  std::vector<OptimizerMistake> mistakes = {
      chosen("take.form", "whole", "rmsprop_undamped",
             "RMSprop's accumulator adds the whole squared gradient instead of (1 - rho) times it"),
      chosen("accumulator.used", "stale", "rmsprop_accumulator_stale",
             "RMSprop uses the previous update's accumulator instead of the current one"),
      chosen("accumulator.form", "centred", "rmsprop_centred",
             "RMSprop subtracts the squared mean gradient (centered), which the configuration does not request"),
      chosen("correction.form", "as_adam", "rmsprop_corrected",
             "RMSprop corrects the accumulator's bias, as Adam does for v"),
      taking("momentum", {{"momentum.of", 0.9}}, "rmsprop_momentum",
             "RMSprop adds momentum, v = momentum*v + step, which the configuration does not request")};
  for (OptimizerMistake& mistake : sqrt_divisor_mistakes("RMSprop", "rmsprop")) mistakes.push_back(std::move(mistake));
  return mistakes;
}

}  // namespace

OptimizerEntry rmsprop() {
  OptimizerEntry entry;
  entry.spec = {"RMSprop",
                {{"lr", 0.001, at_least_zero},
                 {"rho", 0.9, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"accumulator"};
  entry.formula = &rmsprop_formula;
  entry.torch = &rmsprop_rule;
  entry.examples = {{"", {{"lr", 0.005}}}, {"arguments", {{"lr", 0.01}, {"rho", 0.5}, {"epsilon", 1e-3}}, {}}};
  entry.mistakes = rmsprop_mistakes();
  return entry;
}

}  // namespace touchstone
