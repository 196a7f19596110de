#pragma once

#include <cstdint>
#include <vector>

#include "fused/fused_network.h"
#include "optim/formula.h"
#include "optim/update_pipeline.h"
#include "optim/update_rule.h"

namespace touchstone {

/// The update rule of all replicas of a fused network, in lock-step. As an UpdateRule it updates all replicas with one
/// rate, returns the first replica's state, and restores a state to every replica.
class FusedRule : public UpdateRule {
 public:
  /// Updates `parameters` with `gradients`, both stacks of `network`, by the optimizer and convention of `config`.
  /// `network` must outlive the rule.
  FusedRule(const FusedNetwork& network, at::Tensor parameters, at::Tensor gradients, const OptimizerConfig& config);

  /// One update, each replica at its own rate, [replicas].
  void step(const std::vector<double>& rates);

  /// Several updates in one call, with rates [updates, replicas], on consecutive batches of rows from `begin`; `losses`
  /// and `correct` as in dense_train (fused/operators.h).
  void train(const std::vector<double>& rates, const at::Tensor& x, const at::Tensor& y, const at::Tensor& rows,
             std::int64_t begin, std::int64_t batch_size, const at::Tensor& losses, const at::Tensor& correct);

  void step(double lr) override;
  bool stateless() const override { return are_stateless(formula_.slots); }
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  std::int64_t replicas() const { return network_.replicas_in(parameters_); }
  /// Of the updates that follow, as many as there are rates for.
  void write_coefficients(const std::vector<double>& rates, const at::Tensor& to);

  const FusedNetwork& network_;
  at::Tensor parameters_;
  at::Tensor gradients_;
  CompiledFormula formula_;
  std::vector<at::Tensor> stacks_;
  at::Tensor coefficients_;     ///< [updates, replicas, the formula's]
  std::vector<double> of_one_;  ///< the coefficients of one replica
  UpdatePipeline pipeline_;
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
