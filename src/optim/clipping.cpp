#include "optim/clipping.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/where.h>

#include <utility>

namespace touchstone {
namespace {

class ClippedRule : public UpdateRule {
 public:
  ClippedRule(std::unique_ptr<UpdateRule> rule, std::vector<at::Tensor> parameters, const Clipping& clipping)
      : rule_(std::move(rule)), parameters_(std::move(parameters)), clipping_(clipping) {}

  void step(double lr) override {
    {
      const at::NoGradGuard no_grad;
      if (clipping_.norm > 0.0) clip_norm();
      if (clipping_.value > 0.0) {
        for (const at::Tensor& parameter : parameters_) parameter.grad().clamp_(-clipping_.value, clipping_.value);
      }
    }
    rule_->step(lr);
  }

  bool stateless() const override { return rule_->stateless(); }
  Slots slots() const override { return rule_->slots(); }
  void restore(const Slots& slots, std::int64_t updates) override { rule_->restore(slots, updates); }

 private:
  /// The norm stays on the device: no element of it is looked at here.
  void clip_norm() const {
    at::Tensor squares = parameters_.front().grad().square().sum();
    for (std::size_t i = 1; i < parameters_.size(); ++i) squares = squares + parameters_[i].grad().square().sum();
    for (const at::Tensor& parameter : parameters_) {
      at::Tensor gradient = parameter.grad();
      const at::Tensor norm = (clipping_.each ? gradient.square().sum() : squares).sqrt() + clipping_.epsilon;
      // As Clipping::scales has it.
      const at::Tensor scales =
          clipping_.epsilon > 0.0 ? (norm < clipping_.norm).logical_not() : norm >= clipping_.norm;
      gradient.copy_(at::where(scales, gradient * clipping_.norm / norm, gradient));
    }
  }

  std::unique_ptr<UpdateRule> rule_;
  std::vector<at::Tensor> parameters_;
  Clipping clipping_;
};

}  // namespace

std::vector<ArgumentSpec> clipping_arguments() {
  return {optional_argument("clipnorm", 0.0, at_least_zero), optional_argument("clipvalue", 0.0, at_least_zero)};
}

Clipping clipping_of(const OptimizerConfig& optimizer) {
  constexpr double torch_epsilon = 1e-6;  // torch/csrc/api/include/torch/nn/utils/clip_grad.h
  return {optimizer.number_or("clipnorm", 0.0), optimizer.number_or("clipvalue", 0.0),
          optimizer.convention == Convention::keras3, optimizer.convention == Convention::torch ? torch_epsilon : 0.0};
}

std::unique_ptr<UpdateRule> with_clipping(std::unique_ptr<UpdateRule> rule, const std::vector<at::Tensor>& parameters,
                                          const OptimizerConfig& optimizer) {
  const Clipping clipping = clipping_of(optimizer);
  if (!clipping.any()) return rule;
  return std::make_unique<ClippedRule>(std::move(rule), parameters, clipping);
}

}  // namespace touchstone
