#include "optim/adam_deviations.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_builtin.cpp: p *= 1 - lr * weight_decay, then Adam.
std::unique_ptr<TorchRule> torch_adamw(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                       double epsilon, double weight_decay, bool amsgrad);

namespace {

std::unique_ptr<UpdateRule> adamw_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                       Precision /*precision*/) {
  if (config.convention != Convention::torch) return nullptr;
  return torch_adamw(parameters, config.number("beta_1"), config.number("beta_2"), config.number("epsilon"),
                     config.number("weight_decay"), config.flag("amsgrad"));
}

}  // namespace

OptimizerEntry adamw() {
  OptimizerEntry entry;
  entry.spec = {"AdamW",
                {{"lr", 0.001, at_least_zero},
                 {"beta_1", 0.9, below_one},
                 {"beta_2", 0.999, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"weight_decay", 0.004, at_least_zero},
                 {"amsgrad", false},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"m", "v", "vhat"};
  entry.formula = &adam_formula;
  entry.torch = &adamw_rule;
  entry.examples = {{"", {{"lr", 0.01}, {"weight_decay", 0.1}}},
                    {"amsgrad", {{"lr", 0.02}, {"weight_decay", 0.1}, {"amsgrad", true}}, {CaseGroup::conventions}}};
  entry.mistakes = adam_mistakes();
  return entry;
}

}  // namespace touchstone
