#pragma once

#include <memory>
#include <utility>

#include "optim/adam.h"
#include "optim/torch/torch_optimizer_adapter.h"

namespace touchstone {

/// LibTorch's Adam with epsilon before the bias correction, as Keras has it: its own is epsilon / sqrt(1 - beta_2^t) at
/// update t, and its rate makes up for bias corrections in the run's precision.
template <typename TorchAdam>
class AdamEpsilonAdapter : public UpdateRule {
 public:
  /// `hyperparameters`: Keras's. `rule`: with an epsilon that does not matter.
  AdamEpsilonAdapter(std::unique_ptr<TorchAdam> rule, const Adam::Hyperparameters& hyperparameters)
      : rule_(std::move(rule)), hyperparameters_(hyperparameters) {}

  bool stateless() const override { return rule_->stateless(); }

  void step(double lr) override {
    ++updates_;
    const auto keras = of_update(Epsilon::outside_sqrt, hyperparameters_.corrections_in);
    const auto torch = of_update(Epsilon::outside_corrected_sqrt, Precision::float64);
    rule_->options().eps(hyperparameters_.epsilon / torch.epsilon);
    rule_->step(lr * (keras.lr / torch.lr));
  }

  Slots slots() const override { return rule_->slots(); }

  void restore(const Slots& slots, std::int64_t updates) override {
    updates_ = updates;
    rule_->restore(slots, updates);
  }

 private:
  /// With a rate of 1 and an epsilon of 1.
  Adam::Coefficients<double> of_update(Epsilon place, Precision corrections_in) const {
    return Adam::coefficients<double>({place}, {hyperparameters_.beta_1, hyperparameters_.beta_2, 1.0, corrections_in},
                                      ExactConstants(), 1.0, updates_);
  }

  std::unique_ptr<TorchAdam> rule_;
  Adam::Hyperparameters hyperparameters_;
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
