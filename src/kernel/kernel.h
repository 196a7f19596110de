#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/dense_plan.h"
#include "kernel/instruction_set.h"

namespace touchstone {

/// Rows of data, of which a replica reads those that its `rows` name.
template <typename T>
struct RowsOfData {
  const T* x;                ///< [N, features]
  const std::int64_t* y;     ///< [N]
  const std::int64_t* rows;  ///< [count]; null: 0..count-1
  std::size_t count;
};

/// Loss and correct answers of some rows: sums, over the rows.
struct RowSums {
  double loss = 0.0;
  std::int64_t correct = 0;
};

/// Rows of data, of which each of a vector of replicas reads those that its own `rows` name.
template <typename T>
struct RowsOfReplicas {
  const T* x;                       ///< [N, features]
  const std::int64_t* y;            ///< [N]
  const std::int64_t* const* rows;  ///< [lanes][count]; null: 0..count-1, of all
  std::size_t count;
};

/// A dense network's arithmetic for one instruction set, in float or double. Torch-free, and reentrant: all memory
/// is the caller's.
///
/// Sums have an order, which does not depend on the instruction set: of a layer's output from the bias on over its
/// inputs, in order; of the gradient of an input over the layer's outputs, in order; of a parameter's gradient, of the
/// loss and of the softmax over rows, or classes, in order. With fused multiply-add, which all but the portable kernel
/// have, a replica's numbers are the same bits on every processor.
template <typename T>
struct DenseKernel {
  const char* name;  ///< portable, avx2, avx512
  InstructionSet instruction_set;
  std::size_t lanes;  ///< a plan for this kernel has rows of whole vectors of so many

  /// How many elements `workspace` must have; it must be zero before its first use, and is of one plan.
  std::size_t (*workspace_size)(const DensePlan& plan);

  /// Sums over the rows; and, in `gradients` [plan.row], the gradient of loss / `divisor` (its padding holds anything).
  /// `parameters` [plan.row]; their padding is zero.
  RowSums (*gradients)(const DensePlan& plan, const T* parameters, const RowsOfData<T>& data, T divisor, T* workspace,
                       T* gradients);

  /// The same sums without gradients.
  RowSums (*evaluate)(const DensePlan& plan, const T* parameters, const RowsOfData<T>& data, T* workspace);

  // The same of `lanes` replicas at once, a replica in every lane: `parameters` and `gradients` are [plan.row, lanes],
  // of a plan without padding, `sums` [lanes]. A replica's numbers are the same bits as alone.
  std::size_t (*lane_workspace_size)(const DensePlan& plan);
  void (*lane_gradients)(const DensePlan& plan, const T* parameters, const RowsOfReplicas<T>& data, T divisor,
                         T* workspace, T* gradients, RowSums* sums);
  void (*lane_evaluate)(const DensePlan& plan, const T* parameters, const RowsOfReplicas<T>& data, T* workspace,
                        RowSums* sums);
};

/// Every kernel that this processor runs, the fastest first; T is float or double.
template <typename T>
const std::vector<DenseKernel<T>>& dense_kernels();

}  // namespace touchstone
