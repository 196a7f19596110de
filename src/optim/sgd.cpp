#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_rule.h"

namespace touchstone {
namespace {

/// Keras: v = momentum * v - lr * g; p += v, or with Nesterov p += momentum * v - lr * g (keras/optimizers.py).
/// The rate belongs inside the velocity, so LibTorch's SGD runs at rate 1 on gradients scaled by lr, which
/// makes its buffer -v.
class KerasSgd : public UpdateRule {
 public:
  KerasSgd(std::vector<at::Tensor> parameters, double momentum, bool nesterov)
      : parameters_(std::move(parameters)), sgd_(torch_sgd(parameters_, momentum, nesterov)) {}

  bool stateless() const override { return sgd_->stateless(); }

  void step(double lr) override {
    {
      const at::NoGradGuard no_grad;
      for (const at::Tensor& parameter : parameters_) parameter.grad().mul_(lr);
    }
    sgd_->step(1.0);
  }

  Slots slots() const override {
    Slots velocity = sgd_->stateless() ? Slots{{"moment", scaled_gradients()}} : sgd_->slots();
    for (at::Tensor& v : velocity.at("moment")) v.neg_();
    return velocity;
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    if (slots.empty()) return;
    Slots buffers = slots;
    for (at::Tensor& buffer : buffers.at("moment")) buffer = buffer.neg();
    sgd_->restore(buffers, updates);
  }

 private:
  /// Without momentum LibTorch keeps no buffer; the velocity then is the last step itself.
  std::vector<at::Tensor> scaled_gradients() const {
    std::vector<at::Tensor> result;
    for (const at::Tensor& parameter : parameters_) {
      const at::Tensor& gradient = parameter.grad();
      result.push_back(gradient.defined() ? gradient.detach().clone() : at::zeros_like(parameter.detach()));
    }
    return result;
  }

  std::vector<at::Tensor> parameters_;
  std::unique_ptr<TorchRule> sgd_;
};

std::unique_ptr<UpdateRule> make_sgd(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  // The papers' momentum (Qian 1999, as the notebook's sources print it) keeps the rate inside too.
  const double momentum = rounded(config.number("momentum"), precision_of(parameters));
  const bool nesterov = config.flag("nesterov");
  if (config.convention == Convention::torch) return torch_sgd(parameters, momentum, nesterov);
  return std::make_unique<KerasSgd>(parameters, momentum, nesterov);
}

}  // namespace

OptimizerEntry sgd() {
  return {
      {"SGD",
       {{"lr", 0.01, at_least_zero}, {"momentum", 0.0, below_one}, {"nesterov", false}, {"decay", 0.0, at_least_zero}}},
      &make_sgd};
}

}  // namespace touchstone
