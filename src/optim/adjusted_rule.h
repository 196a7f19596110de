#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "optim/torch_rule.h"

namespace touchstone {

/// LibTorch's rule with another rate and epsilon at each update, which makes it another rule.
class AdjustedRule : public UpdateRule {
 public:
  struct Settings {
    double lr;
    double epsilon;
  };
  /// For update number t, from 1, at rate lr.
  using Adjust = std::function<Settings(double lr, std::int64_t t)>;

  AdjustedRule(std::unique_ptr<TorchRule> rule, Adjust adjust);

  void step(double lr) override;
  bool stateless() const override { return rule_->stateless(); }
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  std::unique_ptr<TorchRule> rule_;
  Adjust adjust_;
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
