#include <ATen/ATen.h>
#include <torch/optim/adagrad.h>

#include "optim/formula_rule.h"
#include "optim/registry.h"
#include "optim/torch_state.h"

namespace touchstone {
namespace {

using torch::optim::AdagradParamState;

/// a += g^2; p -= lr * g / (sqrt(a) + epsilon), from a = 0: Keras's and LibTorch's rule alike.
class Adagrad : public UpdateRule {
 public:
  Adagrad(const std::vector<at::Tensor>& parameters, double epsilon)
      : adagrad_(parameters, torch::optim::AdagradOptions(1.0).eps(epsilon)) {}

  void step(double lr) override {
    for (auto& group : adagrad_.param_groups()) {
      static_cast<torch::optim::AdagradOptions&>(group.options()).lr(lr);
    }
    adagrad_.step();
  }

  Slots slots() const override {
    return {{"accumulator", read_slot<AdagradParamState>(adagrad_, [](AdagradParamState& s) { return s.sum(); })}};
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    for (std::size_t i = 0; i < parameters_of(adagrad_).size(); ++i) {
      auto& state = obtain_state<AdagradParamState>(adagrad_, parameters_of(adagrad_)[i]);
      state.step(updates);
      state.sum(slots.at("accumulator")[i].detach().clone());
    }
  }

 private:
  mutable torch::optim::Adagrad adagrad_;
};

/// p -= lr * g / sqrt(a + epsilon), as the notebook and Ruder (arXiv:1609.04747, section 4.3) print it.
std::unique_ptr<UpdateRule> paper_rule(const std::vector<at::Tensor>& parameters, double epsilon) {
  return std::make_unique<FormulaRule>(parameters, std::vector<std::string>{"accumulator"},
                                       [=](FormulaRule::Step& step) {
                                         at::Tensor& a = step.slots[0];
                                         a.addcmul_(step.gradient, step.gradient);
                                         step.parameter.addcdiv_(step.gradient, (a + epsilon).sqrt_(), -step.lr);
                                       });
}

std::unique_ptr<UpdateRule> make(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double epsilon = config.number("epsilon");
  if (config.convention == Convention::paper) return paper_rule(parameters, epsilon);
  return std::make_unique<Adagrad>(parameters, epsilon);
}

}  // namespace

OptimizerEntry adagrad() {
  return {{"Adagrad", {{"lr", 0.01, at_least_zero}, {"epsilon", 1e-7, at_least_zero}, {"decay", 0.0, at_least_zero}}},
          &make};
}

}  // namespace touchstone
