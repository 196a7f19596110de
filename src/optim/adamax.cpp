#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "optim/formula_rule.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_rule.h"

namespace touchstone {
namespace {

/// PyTorch's rule (torch/optim/adamax.py): epsilon inside the infinity norm, u = max(beta_2 * u, |g| + epsilon).
std::unique_ptr<UpdateRule> torch_rule(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                       double epsilon) {
  return std::make_unique<FormulaRule>(parameters, std::vector<std::string>{"m", "u"}, [=](FormulaRule::Step& step) {
    at::Tensor& m = step.slots[0];
    at::Tensor& u = step.slots[1];
    m.mul_(beta_1).add_(step.gradient, 1.0 - beta_1);
    u.copy_(at::maximum(u * beta_2, step.gradient.abs().add_(epsilon)));
    const double correction = 1.0 - std::pow(beta_1, static_cast<double>(step.t));
    step.parameter.addcdiv_(m, u, -step.lr / correction);
  });
}

/// Algorithm 2 as printed, without an epsilon. A parameter that has never had a gradient (0 / 0) stays.
std::unique_ptr<UpdateRule> paper_rule(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2) {
  return std::make_unique<FormulaRule>(parameters, std::vector<std::string>{"m", "u"}, [=](FormulaRule::Step& step) {
    at::Tensor& m = step.slots[0];
    at::Tensor& u = step.slots[1];
    m.mul_(beta_1).add_(step.gradient, 1.0 - beta_1);
    u.copy_(at::maximum(u * beta_2, step.gradient.abs()));
    const double correction = 1.0 - std::pow(beta_1, static_cast<double>(step.t));
    const at::Tensor norm = u.clamp_min(static_cast<double>(std::numeric_limits<float>::min()));
    step.parameter.addcdiv_(m, norm, -step.lr / correction);
  });
}

std::unique_ptr<UpdateRule> make_adamax(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double beta_1 = config.number("beta_1");
  const double beta_2 = config.number("beta_2");
  const double epsilon = config.number("epsilon");
  switch (config.convention) {
    case Convention::torch: return torch_rule(parameters, beta_1, beta_2, epsilon);
    case Convention::paper: return paper_rule(parameters, beta_1, beta_2);
    case Convention::keras: break;
  }
  // Keras's rule is touchstone::Adamax's; it keeps the betas as variables of the run's precision.
  const Precision precision = precision_of(parameters);
  return torch_adamax(parameters, rounded(beta_1, precision), rounded(beta_2, precision), epsilon);
}

}  // namespace

OptimizerEntry adamax() {
  return {{"Adamax",
           {{"lr", 0.002, at_least_zero},
            {"beta_1", 0.9, below_one},
            {"beta_2", 0.999, below_one},
            {"epsilon", 1e-7, at_least_zero},
            {"decay", 0.0, at_least_zero}}},
          &make_adamax};
}

}  // namespace touchstone
