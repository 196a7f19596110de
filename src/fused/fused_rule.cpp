#include "fused/fused_rule.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include <utility>

#include "experiment/config.h"
#include "fused/operators.h"
#include "optim/precision.h"
#include "optim/registry.h"

namespace touchstone {

FusedRule::FusedRule(NetworkHandle network, at::Tensor parameters, at::Tensor gradients, const OptimizerConfig& config)
    : network_(std::move(network)),
      parameters_(std::move(parameters)),
      gradients_(std::move(gradients)),
      formula_(c10::make_intrusive<FusedFormula>(make_formula(config, precision_of({parameters_})))),
      coefficients_(
          at::zeros({network_->replicas_in(parameters_), static_cast<std::int64_t>(formula().coefficient_count)},
                    parameters_.scalar_type())),
      of_one_(formula().coefficient_count),
      clipping_(clipping_of(config)) {
  for (const Slot& slot : formula().slots) {
    stacks_.push_back(network_->make_stack(network_->replicas_in(parameters_)).fill_(slot.start));
  }
}

void FusedRule::step(const std::vector<double>& rates) {
  ++updates_;
  if (clipping_.any()) dense_clip(network_, gradients_, clipping_.norm, clipping_.value, clipping_.each);
  AT_DISPATCH_FLOATING_TYPES(network_->dtype(), "FusedRule", [&] {
    auto* to = coefficients_.data_ptr<scalar_t>();
    for (std::size_t r = 0; r < rates.size(); ++r) {
      // Most replicas have the rate of the one before.
      if (r == 0 || rates[r] != rates[r - 1]) formula().write_coefficients(rates[r], updates_, of_one_.data());
      for (const double value : of_one_) *to++ = static_cast<scalar_t>(value);
    }
  });
  dense_update(network_, formula_, coefficients_, parameters_, gradients_, stacks_);
}

void FusedRule::step(double lr) { step(std::vector<double>(static_cast<std::size_t>(coefficients_.size(0)), lr)); }

Slots FusedRule::slots() const {
  Slots slots;
  for (std::size_t s = 0; s < formula().slots.size(); ++s) {
    for (const at::Tensor& view : network_->views(stacks_[s], 0))
      slots[formula().slots[s].name].push_back(view.contiguous().clone());
  }
  return slots;
}

void FusedRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  for (std::size_t s = 0; s < formula().slots.size(); ++s) {
    const std::vector<at::Tensor>& values = slots.at(formula().slots[s].name);
    for (std::int64_t replica = 0; replica < coefficients_.size(0); ++replica) {
      const std::vector<at::Tensor> views = network_->views(stacks_[s], replica);
      for (std::size_t i = 0; i < views.size(); ++i) views[i].copy_(values[i]);
    }
  }
}

}  // namespace touchstone
