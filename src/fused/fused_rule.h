#pragma once

#include <cstdint>
#include <vector>

#include "fused/fused_formula.h"
#include "fused/fused_network.h"
#include "optim/clipping.h"
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

  /// Updates on end, each replica at its own rates, [updates, replicas], on batches of its rows from `begin` on; losses
  /// and correct as dense_train has them (fused/operators.h).
  void train(const std::vector<double>& rates, const at::Tensor& x, const at::Tensor& y, const at::Tensor& rows,
             std::int64_t begin, std::int64_t batch_size, const at::Tensor& losses, const at::Tensor& correct);

  void step(double lr) override;
  bool stateless() const override { return formula().stateless; }
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  const Formula& formula() const { return formula_->formula(); }
  std::int64_t replicas() const { return network_->replicas_in(parameters_); }
  /// Of the updates that follow, as many as there are rates for.
  void write_coefficients(const std::vector<double>& rates, const at::Tensor& to);

  NetworkHandle network_;
  at::Tensor parameters_;
  at::Tensor gradients_;
  FormulaHandle formula_;
  std::vector<at::Tensor> stacks_;
  at::Tensor coefficients_;     ///< [updates, replicas, the formula's]
  std::vector<double> of_one_;  ///< the coefficients of one replica
  Clipping clipping_;
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
