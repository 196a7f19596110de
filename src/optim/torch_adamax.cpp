#include "optim/torch_adamax.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/module.h>
#include <torch/optim/serialize.h>
#include <torch/serialize/archive.h>

#include <cmath>
#include <memory>
#include <tuple>
#include <utility>

#include "optim/driven_rule.h"
#include "optim/torch_state.h"

namespace touchstone {

void AdamaxOptions::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(lr);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(betas);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(eps);
}

void AdamaxOptions::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, lr);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(betas_t, betas);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, eps);
}

void AdamaxParamState::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(step);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(exp_avg);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(exp_inf);
}

void AdamaxParamState::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(std::int64_t, step);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, exp_avg);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, exp_inf);
}

TorchAdamax::TorchAdamax(std::vector<at::Tensor> parameters, AdamaxOptions defaults)
    : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))}, std::make_unique<AdamaxOptions>(defaults)) {
  const auto [beta_1, beta_2] = defaults.betas();
  TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  TORCH_CHECK(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  TORCH_CHECK(beta_1 >= 0 && beta_1 < 1, "Invalid beta parameter at index 0: ", beta_1);
  TORCH_CHECK(beta_2 >= 0 && beta_2 < 1, "Invalid beta parameter at index 1: ", beta_2);
}

at::Tensor TorchAdamax::step(LossClosure closure) {
  at::Tensor loss;
  if (closure != nullptr) {
    const at::AutoGradMode enable_grad(true);
    loss = closure();
  }
  const at::NoGradGuard no_grad;
  for (auto& group : param_groups_) {
    const auto& options = static_cast<const AdamaxOptions&>(group.options());
    const auto [beta_1, beta_2] = options.betas();
    for (const at::Tensor& parameter : group.params()) {
      const at::Tensor& gradient = parameter.grad();
      if (!gradient.defined()) continue;
      auto& state = obtain_state<AdamaxParamState>(*this, parameter);
      if (!state.exp_avg().defined()) {
        state.exp_avg(at::zeros_like(parameter));
        state.exp_inf(at::zeros_like(parameter));
      }
      state.step(state.step() + 1);
      state.exp_avg().mul_(beta_1).add_(gradient, 1.0 - beta_1);
      at::maximum_out(state.exp_inf(), state.exp_inf().mul_(beta_2), gradient.abs());
      const double correction = 1.0 - std::pow(beta_1, static_cast<double>(state.step()));
      parameter.addcdiv_(state.exp_avg(), state.exp_inf() + options.eps(), -options.lr() / correction);
    }
  }
  return loss;
}

void TorchAdamax::save(torch::serialize::OutputArchive& archive) const {
  torch::optim::serialize<AdamaxParamState, AdamaxOptions>(archive, *this);
}

void TorchAdamax::load(torch::serialize::InputArchive& archive) {
  torch::optim::serialize<AdamaxParamState, AdamaxOptions>(archive, *this);
}

// Declared in adamax.cpp.
std::unique_ptr<TorchRule> torch_adamax(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                        double epsilon) {
  using Rule = DrivenRule<TorchAdamax, AdamaxOptions, AdamaxParamState>;
  return std::make_unique<Rule>(
      parameters, AdamaxOptions().betas(std::make_tuple(beta_1, beta_2)).eps(epsilon),
      std::vector<Rule::Slot>{{"m", [](AdamaxParamState& s) -> at::Tensor& { return s.exp_avg(); }},
                              {"u", [](AdamaxParamState& s) -> at::Tensor& { return s.exp_inf(); }}});
}

}  // namespace touchstone
