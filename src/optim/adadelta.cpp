#include <ATen/ATen.h>

#include "optim/registry.h"
#include "optim/torch_adadelta.h"
#include "optim/torch_state.h"

namespace touchstone {
namespace {

/// touchstone::Adadelta with the rate from outside. Keras, PyTorch and the paper share the rule.
class AdadeltaRule : public UpdateRule {
 public:
  AdadeltaRule(const std::vector<at::Tensor>& parameters, double rho, double epsilon)
      : adadelta_(parameters, AdadeltaOptions().rho(rho).eps(epsilon)) {}

  void step(double lr) override {
    for (auto& group : adadelta_.param_groups()) group.options().set_lr(lr);
    adadelta_.step();
  }

  Slots slots() const override {
    Slots result;
    result["accumulator"] =
        read_slot<AdadeltaParamState>(adadelta_, [](AdadeltaParamState& s) { return s.square_avg(); });
    result["delta_accumulator"] =
        read_slot<AdadeltaParamState>(adadelta_, [](AdadeltaParamState& s) { return s.acc_delta(); });
    return result;
  }

  void restore(const Slots& slots, std::int64_t /*updates*/) override {
    for (std::size_t i = 0; i < parameters_of(adadelta_).size(); ++i) {
      auto& state = obtain_state<AdadeltaParamState>(adadelta_, parameters_of(adadelta_)[i]);
      state.square_avg(slots.at("accumulator")[i].detach().clone());
      state.acc_delta(slots.at("delta_accumulator")[i].detach().clone());
    }
  }

 private:
  mutable Adadelta adadelta_;
};

std::unique_ptr<UpdateRule> make(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  return std::make_unique<AdadeltaRule>(parameters, config.number("rho"), config.number("epsilon"));
}

}  // namespace

OptimizerEntry adadelta() {
  return {{"Adadelta",
           {{"lr", 1.0, at_least_zero},
            {"rho", 0.95, below_one},
            {"epsilon", 1e-7, at_least_zero},
            {"decay", 0.0, at_least_zero}}},
          &make};
}

}  // namespace touchstone
