#include "optim/torch/adadelta.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros_like.h>

#include <memory>
#include <utility>

#include "optim/torch/torch_optimizer_adapter.h"
#include "optim/torch/torch_rules.h"

namespace touchstone {

TorchAdadelta::TorchAdadelta(std::vector<at::Tensor> parameters, AdadeltaOptions defaults)
    : ElementwiseOptimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                           std::make_unique<AdadeltaOptions>(defaults)) {
  TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  TORCH_CHECK(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  TORCH_CHECK(defaults.rho() >= 0 && defaults.rho() < 1, "Invalid rho value: ", defaults.rho());
}

void TorchAdadelta::update(const AdadeltaOptions& options, AdadeltaParamState& state, const at::Tensor& parameter) {
  const at::Tensor& gradient = parameter.grad();
  if (!state.square_avg().defined()) {
    state.square_avg(at::zeros_like(parameter));
    state.acc_delta(at::zeros_like(parameter));
  }
  state.square_avg().mul_(options.rho()).addcmul_(gradient, gradient, 1.0 - options.rho());
  const at::Tensor update =
      (state.acc_delta() + options.eps()).sqrt_().mul_(gradient).div_((state.square_avg() + options.eps()).sqrt_());
  state.acc_delta().mul_(options.rho()).addcmul_(update, update, 1.0 - options.rho());
  parameter.add_(update, -options.lr());
}

/// Under every convention.
std::unique_ptr<UpdateRule> torch_adadelta(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                           Precision /*precision*/) {
  using Rule = TorchOptimizerAdapter<TorchAdadelta, AdadeltaOptions, AdadeltaParamState>;
  return std::make_unique<Rule>(
      parameters, AdadeltaOptions().rho(config.number("rho")).eps(config.number("epsilon")),
      std::vector<TorchSlot<AdadeltaParamState>>{
          {"accumulator", [](AdadeltaParamState& s) -> at::Tensor& { return s.square_avg(); }},
          {"delta_accumulator", [](AdadeltaParamState& s) -> at::Tensor& { return s.acc_delta(); }}});
}

}  // namespace touchstone
