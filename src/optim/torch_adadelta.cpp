#include "optim/torch_adadelta.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/module.h>
#include <torch/optim/serialize.h>
#include <torch/serialize/archive.h>

#include <memory>
#include <utility>

#include "optim/driven_rule.h"
#include "optim/torch_state.h"

namespace touchstone {

void AdadeltaOptions::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(lr);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(rho);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(eps);
}

void AdadeltaOptions::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, lr);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, rho);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, eps);
}

void AdadeltaParamState::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(square_avg);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(acc_delta);
}

void AdadeltaParamState::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, square_avg);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, acc_delta);
}

TorchAdadelta::TorchAdadelta(std::vector<at::Tensor> parameters, AdadeltaOptions defaults)
    : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                std::make_unique<AdadeltaOptions>(defaults)) {
  TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  TORCH_CHECK(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  TORCH_CHECK(defaults.rho() >= 0 && defaults.rho() < 1, "Invalid rho value: ", defaults.rho());
}

at::Tensor TorchAdadelta::step(LossClosure closure) {
  at::Tensor loss;
  if (closure != nullptr) {
    const at::AutoGradMode enable_grad(true);
    loss = closure();
  }
  const at::NoGradGuard no_grad;
  for (auto& group : param_groups_) {
    const auto& options = static_cast<const AdadeltaOptions&>(group.options());
    for (const at::Tensor& parameter : group.params()) {
      const at::Tensor& gradient = parameter.grad();
      if (!gradient.defined()) continue;
      auto& state = obtain_state<AdadeltaParamState>(*this, parameter);
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
  }
  return loss;
}

void TorchAdadelta::save(torch::serialize::OutputArchive& archive) const {
  torch::optim::serialize<AdadeltaParamState, AdadeltaOptions>(archive, *this);
}

void TorchAdadelta::load(torch::serialize::InputArchive& archive) {
  torch::optim::serialize<AdadeltaParamState, AdadeltaOptions>(archive, *this);
}

// Declared in adadelta.cpp.
std::unique_ptr<TorchRule> torch_adadelta(const std::vector<at::Tensor>& parameters, double rho, double epsilon) {
  using Rule = DrivenRule<TorchAdadelta, AdadeltaOptions, AdadeltaParamState>;
  return std::make_unique<Rule>(
      parameters, AdadeltaOptions().rho(rho).eps(epsilon),
      std::vector<Rule::Slot>{
          {"accumulator", [](AdadeltaParamState& s) -> at::Tensor& { return s.square_avg(); }},
          {"delta_accumulator", [](AdadeltaParamState& s) -> at::Tensor& { return s.acc_delta(); }}});
}

}  // namespace touchstone
