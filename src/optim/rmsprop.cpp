#include <ATen/ATen.h>
#include <torch/optim/rmsprop.h>

#include "optim/formula_rule.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_state.h"

namespace touchstone {
namespace {

using torch::optim::RMSpropParamState;

/// a = rho * a + (1 - rho) * g^2; p -= lr * g / (sqrt(a) + epsilon): Keras's and LibTorch's rule alike.
/// Keras keeps rho as a variable of the run's precision, and computes 1 - rho from that.
class RmsProp : public UpdateRule {
 public:
  RmsProp(const std::vector<at::Tensor>& parameters, double rho, double epsilon)
      : rmsprop_(parameters, torch::optim::RMSpropOptions(1.0).alpha(rho).eps(epsilon)) {}

  void step(double lr) override {
    for (auto& group : rmsprop_.param_groups()) {
      static_cast<torch::optim::RMSpropOptions&>(group.options()).lr(lr);
    }
    rmsprop_.step();
  }

  Slots slots() const override {
    return {
        {"accumulator", read_slot<RMSpropParamState>(rmsprop_, [](RMSpropParamState& s) { return s.square_avg(); })}};
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    for (std::size_t i = 0; i < parameters_of(rmsprop_).size(); ++i) {
      auto& state = obtain_state<RMSpropParamState>(rmsprop_, parameters_of(rmsprop_)[i]);
      state.step(updates);
      state.square_avg(slots.at("accumulator")[i].detach().clone());
    }
  }

 private:
  mutable torch::optim::RMSprop rmsprop_;
};

/// p -= lr * g / sqrt(a + epsilon), as Ruder (arXiv:1609.04747, section 4.5) and the notebook print it.
std::unique_ptr<UpdateRule> paper_rule(const std::vector<at::Tensor>& parameters, double rho, double epsilon) {
  return std::make_unique<FormulaRule>(parameters, std::vector<std::string>{"accumulator"},
                                       [=](FormulaRule::Step& step) {
                                         at::Tensor& a = step.slots[0];
                                         a.mul_(rho).addcmul_(step.gradient, step.gradient, 1.0 - rho);
                                         step.parameter.addcdiv_(step.gradient, (a + epsilon).sqrt_(), -step.lr);
                                       });
}

std::unique_ptr<UpdateRule> make(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double rho = config.number("rho");
  const double epsilon = config.number("epsilon");
  switch (config.convention) {
    case Convention::paper: return paper_rule(parameters, rho, epsilon);
    case Convention::torch: return std::make_unique<RmsProp>(parameters, rho, epsilon);
    case Convention::keras: break;
  }
  return std::make_unique<RmsProp>(parameters, rounded(rho, precision_of(parameters)), epsilon);
}

}  // namespace

OptimizerEntry rmsprop() {
  return {{"RMSprop",
           {{"lr", 0.001, at_least_zero},
            {"rho", 0.9, below_one},
            {"epsilon", 1e-7, at_least_zero},
            {"decay", 0.0, at_least_zero}}},
          &make};
}

}  // namespace touchstone
