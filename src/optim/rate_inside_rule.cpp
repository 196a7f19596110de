#include "optim/rate_inside_rule.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>

#include <utility>

namespace touchstone {

RateInsideRule::RateInsideRule(const std::vector<at::Tensor>& parameters, std::unique_ptr<TorchRule> rule)
    : parameters_(parameters), rule_(std::move(rule)) {}

RateInsideRule::~RateInsideRule() = default;

void RateInsideRule::step(double lr) {
  {
    const at::NoGradGuard no_grad;
    for (const at::Tensor& parameter : parameters_) parameter.grad().mul_(lr);
  }
  rule_->step(1.0);
}

Slots RateInsideRule::slots() const {
  Slots velocity = rule_->stateless() ? Slots{{"moment", scaled_gradients()}} : rule_->slots();
  for (at::Tensor& v : velocity.at("moment")) v.neg_();
  return velocity;
}

void RateInsideRule::restore(const Slots& slots, std::int64_t updates) {
  if (slots.empty()) return;
  Slots buffers = slots;
  for (at::Tensor& buffer : buffers.at("moment")) buffer = buffer.neg();
  rule_->restore(buffers, updates);
}

std::vector<at::Tensor> RateInsideRule::scaled_gradients() const {
  std::vector<at::Tensor> result;
  for (const at::Tensor& parameter : parameters_) {
    const at::Tensor& gradient = parameter.grad();
    result.push_back(gradient.defined() ? gradient.detach().clone() : at::zeros_like(parameter.detach()));
  }
  return result;
}

}  // namespace touchstone
