#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/optim/sgd.h>

#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_state.h"

namespace touchstone {
namespace {

using torch::optim::SGDParamState;

torch::optim::SGDOptions options_of(const OptimizerConfig& config, Precision precision) {
  const double momentum = rounded(config.number("momentum"), precision);
  return torch::optim::SGDOptions(1.0).momentum(momentum).nesterov(config.flag("nesterov") && momentum > 0.0);
}

/// LibTorch's SGD as it is: b = momentum * b + g; p -= lr * b. Its buffer is the state; without momentum there is
/// none.
class TorchSgd : public UpdateRule {
 public:
  TorchSgd(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config)
      : sgd_(parameters, options_of(config, precision_of(parameters))), has_buffer_(config.number("momentum") > 0.0) {}

  bool stateless() const override { return !has_buffer_; }

  void step(double lr) override {
    sgd_.defaults().set_lr(lr);
    for (auto& group : sgd_.param_groups()) group.options().set_lr(lr);
    sgd_.step();
  }

  Slots slots() const override {
    if (!has_buffer_) return {};
    return {{"moment", read_slot<SGDParamState>(sgd_, [](SGDParamState& s) { return s.momentum_buffer(); })}};
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    if (updates == 0) return;
    for (std::size_t i = 0; i < parameters_of(sgd_).size(); ++i) {
      obtain_state<SGDParamState>(sgd_, parameters_of(sgd_)[i]).momentum_buffer(slots.at("moment")[i].detach().clone());
    }
  }

 protected:
  mutable torch::optim::SGD sgd_;  // LibTorch hands out its state only from a mutable optimizer
  bool has_buffer_;                // without momentum it keeps none
};

/// Keras: v = momentum * v - lr * g; p += v, or with Nesterov p += momentum * v - lr * g (keras/optimizers.py).
/// The rate belongs inside the velocity, so LibTorch's SGD runs at rate 1 on gradients scaled by lr, which
/// makes its buffer -v.
class KerasSgd : public TorchSgd {
 public:
  using TorchSgd::TorchSgd;

  void step(double lr) override {
    {
      const at::NoGradGuard no_grad;
      for (const at::Tensor& parameter : parameters_of(sgd_)) parameter.grad().mul_(lr);
    }
    sgd_.step();
  }

  Slots slots() const override {
    Slots velocity = has_buffer_ ? TorchSgd::slots() : Slots{{"moment", scaled_gradients()}};
    for (at::Tensor& v : velocity.at("moment")) v.neg_();
    return velocity;
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    Slots buffers = slots;
    for (at::Tensor& buffer : buffers.at("moment")) buffer = buffer.neg();
    TorchSgd::restore(buffers, updates);
  }

 private:
  /// Without momentum LibTorch keeps no buffer; the velocity then is the last step itself.
  std::vector<at::Tensor> scaled_gradients() const {
    std::vector<at::Tensor> result;
    for (const at::Tensor& parameter : parameters_of(sgd_)) {
      const at::Tensor& gradient = parameter.grad();
      result.push_back(gradient.defined() ? gradient.detach().clone() : at::zeros_like(parameter.detach()));
    }
    return result;
  }
};

std::unique_ptr<UpdateRule> make(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  // The papers' momentum (Qian 1999, as the notebook's sources print it) keeps the rate inside too.
  if (config.convention == Convention::torch) return std::make_unique<TorchSgd>(parameters, config);
  return std::make_unique<KerasSgd>(parameters, config);
}

}  // namespace

OptimizerEntry sgd() {
  return {
      {"SGD",
       {{"lr", 0.01, at_least_zero}, {"momentum", 0.0, below_one}, {"nesterov", false}, {"decay", 0.0, at_least_zero}}},
      &make};
}

}  // namespace touchstone
