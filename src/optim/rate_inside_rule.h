#pragma once

#include <memory>
#include <vector>

#include "optim/torch_rule.h"

namespace touchstone {

/// LibTorch's momentum with the rate inside the velocity, as Keras has it: v = momentum * v - lr * g; p += v.
/// LibTorch's rule runs at rate 1 on gradients scaled by lr, which makes its buffer -v.
class RateInsideRule : public UpdateRule {
 public:
  /// `rule`: LibTorch's momentum, on `parameters`.
  RateInsideRule(const std::vector<at::Tensor>& parameters, std::unique_ptr<TorchRule> rule);
  ~RateInsideRule() override;

  bool stateless() const override { return rule_->stateless(); }
  void step(double lr) override;
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  /// Without momentum LibTorch keeps no buffer; the velocity then is the last step itself.
  std::vector<at::Tensor> scaled_gradients() const;

  std::vector<at::Tensor> parameters_;
  std::unique_ptr<TorchRule> rule_;
};

}  // namespace touchstone
