#pragma once

#include <cstdint>
#include <vector>

#include "fused/fused_network.h"
#include "fused/optimizer_formula.h"
#include "optim/update_rule.h"

namespace touchstone {

/// The update rule of all replicas of a fused network, in lock-step. As an UpdateRule it moves all of them at one rate,
/// shows the first replica's state, and restores a state to every replica.
class FusedRule : public UpdateRule {
 public:
  /// Moves `parameters` by `gradients`, both stacks of `network`, under `config`'s optimizer and convention.
  FusedRule(NetworkHandle network, at::Tensor parameters, at::Tensor gradients, const OptimizerConfig& config);

  /// One update, each replica at its own rate, [replicas].
  void step(const std::vector<double>& rates);

  void step(double lr) override;
  bool stateless() const override { return formula_.stateless; }
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  NetworkHandle network_;
  at::Tensor parameters_;
  at::Tensor gradients_;
  OptimizerFormula formula_;
  std::vector<at::Tensor> stacks_;
  at::Tensor coefficients_;  ///< [replicas, 6]
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
