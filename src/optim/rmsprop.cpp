#include <ATen/ATen.h>

#include "optim/formula_rule.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_rule.h"

namespace touchstone {
namespace {

/// p -= lr * g / sqrt(a + epsilon), as Ruder (arXiv:1609.04747, section 4.5) and the notebook print it.
std::unique_ptr<UpdateRule> paper_rule(const std::vector<at::Tensor>& parameters, double rho, double epsilon) {
  return std::make_unique<FormulaRule>(parameters, std::vector<std::string>{"accumulator"},
                                       [=](FormulaRule::Step& step) {
                                         at::Tensor& a = step.slots[0];
                                         a.mul_(rho).addcmul_(step.gradient, step.gradient, 1.0 - rho);
                                         step.parameter.addcdiv_(step.gradient, (a + epsilon).sqrt_(), -step.lr);
                                       });
}

std::unique_ptr<UpdateRule> make_rmsprop(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double rho = config.number("rho");
  const double epsilon = config.number("epsilon");
  switch (config.convention) {
    case Convention::paper: return paper_rule(parameters, rho, epsilon);
    case Convention::torch: return torch_rmsprop(parameters, rho, epsilon);
    case Convention::keras: break;
  }
  // The same rule; Keras keeps rho as a variable of the run's precision, and computes 1 - rho from that.
  return torch_rmsprop(parameters, rounded(rho, precision_of(parameters)), epsilon);
}

}  // namespace

OptimizerEntry rmsprop() {
  return {{"RMSprop",
           {{"lr", 0.001, at_least_zero},
            {"rho", 0.9, below_one},
            {"epsilon", 1e-7, at_least_zero},
            {"decay", 0.0, at_least_zero}}},
          &make_rmsprop};
}

}  // namespace touchstone
