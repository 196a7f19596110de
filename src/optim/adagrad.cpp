#include <ATen/ATen.h>

#include "optim/formula_rule.h"
#include "optim/registry.h"
#include "optim/torch_rule.h"

namespace touchstone {
namespace {

/// p -= lr * g / sqrt(a + epsilon), as the notebook and Ruder (arXiv:1609.04747, section 4.3) print it.
std::unique_ptr<UpdateRule> paper_rule(const std::vector<at::Tensor>& parameters, double epsilon) {
  return std::make_unique<FormulaRule>(parameters, std::vector<std::string>{"accumulator"},
                                       [=](FormulaRule::Step& step) {
                                         at::Tensor& a = step.slots[0];
                                         a.addcmul_(step.gradient, step.gradient);
                                         step.parameter.addcdiv_(step.gradient, (a + epsilon).sqrt_(), -step.lr);
                                       });
}

std::unique_ptr<UpdateRule> make_adagrad(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double epsilon = config.number("epsilon");
  if (config.convention == Convention::paper) return paper_rule(parameters, epsilon);
  return torch_adagrad(parameters, epsilon);  // Keras's and LibTorch's rule alike
}

}  // namespace

OptimizerEntry adagrad() {
  return {{"Adagrad", {{"lr", 0.01, at_least_zero}, {"epsilon", 1e-7, at_least_zero}, {"decay", 0.0, at_least_zero}}},
          &make_adagrad};
}

}  // namespace touchstone
