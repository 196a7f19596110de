#include "optim/adagrad.h"

#include "optim/optimizer.h"
#include "optim/sqrt_divisor_deviations.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_builtin.cpp: a += g^2; p -= lr * g / (sqrt(a) + epsilon).
std::unique_ptr<TorchRule> torch_adagrad(const std::vector<at::Tensor>& parameters, double epsilon);

namespace {

Adagrad::Options adagrad_options(const OptimizerConfig& config) {
  Adagrad::Options options = Adagrad::of(config.convention);
  options.divisor = divisor_of(config);
  options.uses_mean = is_chosen(config, "accumulator.form", "mean");
  options.uses_previous_state = is_chosen(config, "accumulator.used", "stale");
  return options;
}

Formula adagrad_formula(const OptimizerConfig& config, Precision /*precision*/) {
  return RuleFormula<Adagrad>(adagrad_options(config), {config.number("epsilon")}).formula();
}

std::unique_ptr<UpdateRule> adagrad_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision /*precision*/) {
  if (SqrtDivisor::of(config.convention).epsilon != SqrtDivisor::Epsilon::outside_sqrt) return nullptr;
  return torch_adagrad(parameters, config.number("epsilon"));
}

std::vector<OptimizerMistake> adagrad_mistakes() {
  std::vector<OptimizerMistake> mistakes = {
      taking("start", {{"start.accumulator", 0.1}}, "adagrad_accumulator_0.1",
             "Adagrad's accumulator starts at 0.1 instead of 0",
             [](const OptimizerConfig& right) { return Adagrad::of(right.convention).start == 0.0; }),
      chosen("accumulator.used", "stale", "adagrad_accumulator_stale",
             "Adagrad uses the previous update's accumulator instead of the current one"),
      chosen("accumulator.form", "mean", "adagrad_mean",
             "Adagrad divides by the square root of the mean of the squared gradients instead of their sum")};
  for (OptimizerMistake& mistake : sqrt_divisor_mistakes("Adagrad", "adagrad")) mistakes.push_back(std::move(mistake));
  return mistakes;
}

}  // namespace

OptimizerEntry adagrad() {
  OptimizerEntry entry;
  entry.spec = {"Adagrad",
                {{"lr", 0.01, at_least_zero}, {"epsilon", 1e-7, at_least_zero}, {"decay", 0.0, at_least_zero}}};
  entry.slots = {"accumulator"};
  entry.formula = &adagrad_formula;
  entry.torch = &adagrad_rule;
  entry.examples = {{"", {{"lr", 0.05}}}, {"arguments", {{"lr", 0.02}, {"epsilon", 1e-2}}, {}}};
  entry.mistakes = adagrad_mistakes();
  return entry;
}

}  // namespace touchstone
