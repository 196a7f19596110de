#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>

#include <memory>
#include <utility>
#include <vector>

#include "optim/update_rule.h"

namespace touchstone {

/// LibTorch's momentum with the rate inside the velocity, as Keras has it: v = momentum * v - lr * g; p += v.
/// LibTorch's rule runs at rate 1 on gradients scaled by lr, which makes its buffer -v.
class KerasMomentumAdapter : public UpdateRule {
 public:
  /// `rule`: LibTorch's momentum, on `parameters`.
  KerasMomentumAdapter(std::vector<at::Tensor> parameters, std::unique_ptr<UpdateRule> rule)
      : parameters_(std::move(parameters)), rule_(std::move(rule)) {}

  bool stateless() const override { return rule_->stateless(); }

  void step(double lr) override {
    {
      const at::NoGradGuard no_grad;
      for (const at::Tensor& parameter : parameters_) parameter.grad().mul_(lr);
    }
    rule_->step(1.0);
  }

  /// Without momentum LibTorch keeps no buffer; the velocity then is the last step itself.
  Slots slots() const override {
    Slots velocity = rule_->stateless() ? Slots{{"moment", scaled_gradients()}} : rule_->slots();
    for (at::Tensor& v : velocity.at("moment")) v.neg_();
    return velocity;
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    if (slots.empty()) return;
    Slots buffers = slots;
    for (at::Tensor& buffer : buffers.at("moment")) buffer = buffer.neg();
    rule_->restore(buffers, updates);
  }

 private:
  std::vector<at::Tensor> scaled_gradients() const {
    std::vector<at::Tensor> result;
    for (const at::Tensor& parameter : parameters_) {
      const at::Tensor& gradient = parameter.grad();
      result.push_back(gradient.defined() ? gradient.detach().clone() : at::zeros_like(parameter.detach()));
    }
    return result;
  }

  std::vector<at::Tensor> parameters_;
  std::unique_ptr<UpdateRule> rule_;
};

}  // namespace touchstone
