#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>
#include <torch/optim/serialize.h>
#include <torch/serialize/archive.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "optim/torch_state.h"

namespace touchstone {

/// Options of Adamax; PyTorch's names, Keras's defaults.
struct AdamaxOptions : public torch::optim::OptimizerCloneableOptions<AdamaxOptions> {
  explicit AdamaxOptions(double lr = 0.002) : lr_(lr) {}
  TORCH_ARG(double, lr) = 0.002;
  using betas_t = std::tuple<double, double>;
  TORCH_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  TORCH_ARG(double, eps) = 1e-7;

 public:
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;
  double get_lr() const override { return lr(); }
  void set_lr(double lr) override { lr_ = lr; }
};

struct AdamaxParamState : public torch::optim::OptimizerCloneableParamState<AdamaxParamState> {
  TORCH_ARG(std::int64_t, step) = 0;
  TORCH_ARG(at::Tensor, exp_avg);
  TORCH_ARG(at::Tensor, exp_inf);

 public:
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;
};

/// Adamax, which LibTorch's C++ API lacks: algorithm 2 of Kingma and Ba (arXiv:1412.6980) with an epsilon in
/// the denominator, as Keras has it:
///   m = beta_1 * m + (1 - beta_1) * g
///   u = max(beta_2 * u, |g|)
///   p -= lr / (1 - beta_1^t) * m / (u + eps)
/// Throws c10::Error for a negative lr or eps, or betas outside [0, 1).
class Adamax : public torch::optim::Optimizer {
 public:
  explicit Adamax(std::vector<at::Tensor> parameters, AdamaxOptions defaults = AdamaxOptions());

  at::Tensor step(LossClosure closure = nullptr) override;
  void save(torch::serialize::OutputArchive& archive) const override;
  void load(torch::serialize::InputArchive& archive) override;
};

inline void AdamaxOptions::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(lr);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(betas);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(eps);
}

inline void AdamaxOptions::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, lr);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(betas_t, betas);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, eps);
}

inline void AdamaxParamState::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(step);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(exp_avg);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(exp_inf);
}

inline void AdamaxParamState::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(std::int64_t, step);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, exp_avg);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, exp_inf);
}

inline Adamax::Adamax(std::vector<at::Tensor> parameters, AdamaxOptions defaults)
    : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))}, std::make_unique<AdamaxOptions>(defaults)) {
  const auto [beta_1, beta_2] = defaults.betas();
  TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  TORCH_CHECK(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  TORCH_CHECK(beta_1 >= 0 && beta_1 < 1, "Invalid beta parameter at index 0: ", beta_1);
  TORCH_CHECK(beta_2 >= 0 && beta_2 < 1, "Invalid beta parameter at index 1: ", beta_2);
}

inline at::Tensor Adamax::step(LossClosure closure) {
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

inline void Adamax::save(torch::serialize::OutputArchive& archive) const {
  torch::optim::serialize<AdamaxParamState, AdamaxOptions>(archive, *this);
}

inline void Adamax::load(torch::serialize::InputArchive& archive) {
  torch::optim::serialize<AdamaxParamState, AdamaxOptions>(archive, *this);
}

}  // namespace touchstone
