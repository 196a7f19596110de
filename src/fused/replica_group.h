#pragma once

// For the operators alone: what they do to one group of replicas, those that a vector's lanes hold, or one that has a
// row.

#include <ATen/core/Tensor.h>
#include <c10/util/SmallVector.h>

#include <cstdint>

#include "fused/fused_network.h"
#include "fused/replica_tensors.h"
#include "optim/apply_pipeline.h"
#include "optim/formula.h"

namespace touchstone {

/// Rows that a group of replicas reads: each those that its order names, `next_order` after that of the one before; or,
/// if there is none, all of them.
template <typename T>
struct GroupRows {
  const T* x;
  const std::int64_t* y;
  const std::int64_t* order;
  std::int64_t next_order;
  std::size_t count;
};

/// Makes no allocation, but for more lanes or coefficients than any has.
template <typename T>
class ReplicaGroup {
 public:
  /// The group that begins with replica `first`.
  ReplicaGroup(const FusedNetwork& network, std::int64_t first)
      : network_(network),
        lanes_(static_cast<std::size_t>(network.lanes())),
        first_(first),
        workspace_(network.workspace().template data_ptr<T>()),
        sums_(lanes_),
        orders_(lanes_) {}

  /// Its part of a stack.
  T* part_of(const at::Tensor& stack) const {
    return stack.data_ptr<T>() + first_ * static_cast<std::int64_t>(network_.plan().row);
  }

  /// The gradients of the mean loss, and the sums that put_means reports.
  void differentiate(const T* parameters, const GroupRows<T>& rows, T* gradients) {
    const DenseKernel<T>& kernel = network_.kernel<T>();
    const auto divisor = static_cast<T>(rows.count);
    if (lanes_ == 1) {
      sums_[0] = kernel.gradients(network_.plan(), parameters, {rows.x, rows.y, rows.order, rows.count}, divisor,
                                  workspace_, gradients);
      return;
    }
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      orders_[lane] = rows.order + static_cast<std::int64_t>(lane) * rows.next_order;
    }
    kernel.lane_gradients(network_.plan(), parameters, {rows.x, rows.y, orders_.data(), rows.count}, divisor,
                          workspace_, gradients, sums_.data());
  }

  void evaluate(const T* parameters, const GroupRows<T>& rows) {
    const DenseKernel<T>& kernel = network_.kernel<T>();
    if (lanes_ == 1) {
      sums_[0] = kernel.evaluate(network_.plan(), parameters, {rows.x, rows.y, nullptr, rows.count}, workspace_);
    } else {
      kernel.lane_evaluate(network_.plan(), parameters, {rows.x, rows.y, nullptr, rows.count}, workspace_,
                           sums_.data());
    }
  }

  /// The mean losses over `count` rows, and the correct answers, where these replicas have theirs among all.
  void put_means(std::size_t count, double* losses, std::int64_t* correct) const {
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      losses[static_cast<std::size_t>(first_) + lane] = sums_[lane].loss / static_cast<double>(count);
      correct[static_cast<std::size_t>(first_) + lane] = sums_[lane].correct;
    }
  }

  /// What comes before the rule, at `rates`, [replicas].
  void apply_pipeline(const UpdatePipeline& pipeline, const double* rates, T* parameters, T* gradients) const {
    if (!pipeline.has_steps_before_rule()) return;
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      apply_before_rule(pipeline, rates[static_cast<std::size_t>(first_) + lane],
                        ReplicaTensors<T>{network_.plan(), parameters + lane, gradients + lane, lanes_});
    }
  }

  /// coefficients [replicas, the formula's], of all replicas.
  void update(const CompiledFormula& formula, const T* coefficients, const ReplicaState<T>& state) {
    const std::size_t count = formula.coefficient_count;
    const T* c = coefficients + static_cast<std::size_t>(first_) * count;
    const UpdateLoopsOf<T>& loops = formula.loops<T>();
    const InstructionSet set = network_.kernel<T>().instruction_set;
    if (lanes_ == 1) {
      loops.replica.on(set)(c, state);
      clear_padding(network_.plan(), state.parameters);
      return;
    }
    transposed_.resize(count * lanes_);
    for (std::size_t i = 0; i < transposed_.size(); ++i) transposed_[i] = c[i % lanes_ * count + i / lanes_];
    loops.lanes.on(set)(transposed_.data(), state);
  }

 private:
  const FusedNetwork& network_;
  std::size_t lanes_;
  std::int64_t first_;
  T* workspace_;
  c10::SmallVector<RowSums, 16> sums_;
  c10::SmallVector<const std::int64_t*, 16> orders_;
  c10::SmallVector<T, 128> transposed_;  ///< coefficients [the formula's, lanes]
};

}  // namespace touchstone
