#include "optim/adjusted_rule.h"

#include <ATen/core/Tensor.h>

#include <utility>

namespace touchstone {

AdjustedRule::AdjustedRule(std::unique_ptr<TorchRule> rule, Adjust adjust)
    : rule_(std::move(rule)), adjust_(std::move(adjust)) {}

void AdjustedRule::step(double lr) {
  ++updates_;
  const Settings settings = adjust_(lr, updates_);
  rule_->set_epsilon(settings.epsilon);
  rule_->step(settings.lr);
}

Slots AdjustedRule::slots() const { return rule_->slots(); }

void AdjustedRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  rule_->restore(slots, updates);
}

}  // namespace touchstone
