#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>
#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>
#include <torch/optim/serialize.h>
#include <torch/serialize/archive.h>

#include <memory>
#include <utility>
#include <vector>

#include "optim/torch_state.h"

namespace touchstone {

/// Options of Adadelta; PyTorch's names, Keras's defaults.
struct AdadeltaOptions : public torch::optim::OptimizerCloneableOptions<AdadeltaOptions> {
  explicit AdadeltaOptions(double lr = 1.0) : lr_(lr) {}
  TORCH_ARG(double, lr) = 1.0;
  TORCH_ARG(double, rho) = 0.95;
  TORCH_ARG(double, eps) = 1e-7;

 public:
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;
  double get_lr() const override { return lr(); }
  void set_lr(double lr) override { lr_ = lr; }
};

struct AdadeltaParamState : public torch::optim::OptimizerCloneableParamState<AdadeltaParamState> {
  TORCH_ARG(at::Tensor, square_avg);
  TORCH_ARG(at::Tensor, acc_delta);

 public:
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;
};

/// Adadelta, which LibTorch's C++ API lacks: algorithm 1 of Zeiler (arXiv:1212.5701) with a rate:
///   a = rho * a + (1 - rho) * g^2
///   update = g * sqrt(d + eps) / sqrt(a + eps)        (d as it was before this update)
///   d = rho * d + (1 - rho) * update^2                (without the rate)
///   p -= lr * update
/// Keras and PyTorch agree on it. Throws c10::Error for a negative lr or eps, or a rho outside [0, 1).
class Adadelta : public torch::optim::Optimizer {
 public:
  explicit Adadelta(std::vector<at::Tensor> parameters, AdadeltaOptions defaults = AdadeltaOptions());

  at::Tensor step(LossClosure closure = nullptr) override;
  void save(torch::serialize::OutputArchive& archive) const override;
  void load(torch::serialize::InputArchive& archive) override;
};

inline void AdadeltaOptions::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(lr);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(rho);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(eps);
}

inline void AdadeltaOptions::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, lr);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, rho);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, eps);
}

inline void AdadeltaParamState::serialize(torch::serialize::OutputArchive& archive) const {
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(square_avg);
  _TORCH_OPTIM_SERIALIZE_TORCH_ARG(acc_delta);
}

inline void AdadeltaParamState::serialize(torch::serialize::InputArchive& archive) {
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, square_avg);
  _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(at::Tensor, acc_delta);
}

inline Adadelta::Adadelta(std::vector<at::Tensor> parameters, AdadeltaOptions defaults)
    : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                std::make_unique<AdadeltaOptions>(defaults)) {
  TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  TORCH_CHECK(defaults.eps() >= 0, "Invalid epsilon value: ", defaults.eps());
  TORCH_CHECK(defaults.rho() >= 0 && defaults.rho() < 1, "Invalid rho value: ", defaults.rho());
}

inline at::Tensor Adadelta::step(LossClosure closure) {
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

inline void Adadelta::save(torch::serialize::OutputArchive& archive) const {
  torch::optim::serialize<AdadeltaParamState, AdadeltaOptions>(archive, *this);
}

inline void Adadelta::load(torch::serialize::InputArchive& archive) {
  torch::optim::serialize<AdadeltaParamState, AdadeltaOptions>(archive, *this);
}

}  // namespace touchstone
