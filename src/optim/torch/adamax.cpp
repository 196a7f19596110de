#include "optim/torch/adamax.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <memory>
#include <tuple>
#include <utility>

#include "optim/moments.h"
#include "optim/torch/torch_optimizer_adapter.h"
#include "optim/torch/torch_rules.h"

namespace touchstone {

TorchAdamax::TorchAdamax(std::vector<at::Tensor> parameters, AdamaxOptions defaults)
    : ElementwiseOptimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                           std::make_unique<AdamaxOptions>(defaults)) {
  const auto [beta_1, beta_2] = defaults.betas();
  TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  TORCH_CHECK(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  TORCH_CHECK(beta_1 >= 0 && beta_1 < 1, "Invalid beta parameter at index 0: ", beta_1);
  TORCH_CHECK(beta_2 >= 0 && beta_2 < 1, "Invalid beta parameter at index 1: ", beta_2);
}

void TorchAdamax::update(const AdamaxOptions& options, AdamaxParamState& state, const at::Tensor& parameter) {
  const at::Tensor& gradient = parameter.grad();
  const auto [beta_1, beta_2] = options.betas();
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

/// As Keras has it; the others add epsilon elsewhere.
std::unique_ptr<UpdateRule> torch_adamax(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision precision) {
  using Rule = TorchOptimizerAdapter<TorchAdamax, AdamaxOptions, AdamaxParamState>;
  if (!is_keras(config.convention)) return nullptr;
  const auto h = MomentHyperparameters::of(config, precision);
  return std::make_unique<Rule>(
      parameters, AdamaxOptions().betas(std::make_tuple(h.beta_1, h.beta_2)).eps(h.epsilon),
      std::vector<TorchSlot<AdamaxParamState>>{{"m", [](AdamaxParamState& s) -> at::Tensor& { return s.exp_avg(); }},
                                               {"u", [](AdamaxParamState& s) -> at::Tensor& { return s.exp_inf(); }}});
}

}  // namespace touchstone
