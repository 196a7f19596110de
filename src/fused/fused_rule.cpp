#include "fused/fused_rule.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>

#include <utility>

#include "fused/operators.h"
#include "optim/precision.h"

namespace touchstone {

FusedRule::FusedRule(NetworkHandle network, at::Tensor parameters, at::Tensor gradients, const OptimizerConfig& config)
    : network_(std::move(network)),
      parameters_(std::move(parameters)),
      gradients_(std::move(gradients)),
      formula_(optimizer_formula(config, precision_of({parameters_}))),
      coefficients_(at::zeros({parameters_.size(0), 6}, parameters_.scalar_type())) {
  for (std::size_t s = 0; s < slots_of(formula_.formula); ++s)
    stacks_.push_back(network_->make_stack(parameters_.size(0)));
}

void FusedRule::step(const std::vector<double>& rates) {
  ++updates_;
  AT_DISPATCH_FLOATING_TYPES(network_->dtype(), "FusedRule", [&] {
    auto* to = coefficients_.data_ptr<scalar_t>();
    for (const double lr : rates) {
      const Coefficients<double> c = formula_.coefficients(lr, updates_);
      for (const double value : {c.lr, c.keep_1, c.take_1, c.keep_2, c.take_2, c.epsilon}) {
        *to++ = static_cast<scalar_t>(value);
      }
    }
  });
  dense_update(network_, formula_.formula, coefficients_, parameters_, gradients_, stacks_);
}

void FusedRule::step(double lr) { step(std::vector<double>(static_cast<std::size_t>(parameters_.size(0)), lr)); }

Slots FusedRule::slots() const {
  Slots slots;
  for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
    for (const at::Tensor& view : network_->views(stacks_[s], 0))
      slots[formula_.slots[s]].push_back(view.contiguous().clone());
  }
  return slots;
}

void FusedRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
    const std::vector<at::Tensor>& values = slots.at(formula_.slots[s]);
    for (std::int64_t replica = 0; replica < parameters_.size(0); ++replica) {
      const std::vector<at::Tensor> views = network_->views(stacks_[s], replica);
      for (std::size_t i = 0; i < views.size(); ++i) views[i].copy_(values[i]);
    }
  }
}

}  // namespace touchstone
