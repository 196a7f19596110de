#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "experiment/config_fwd.h"
#include "kernel/kernel.h"

namespace touchstone {

/// The memory layout of stacked replicas: one per row, [replicas, elements]; or one per lane of the kernel's vectors,
/// [groups, elements, lanes]. The results are bitwise equal.
enum class ReplicaLayout { rows, lanes };

/// A dense network with stacked replicas, and all that its operators (fused/operators.h) need: layout, kernel and
/// workspace. Not thread-safe.
class FusedNetwork {
 public:
  /// `dtype`: float32 or float64. `kernel`: which of dense_kernels(), the fastest by default.
  FusedNetwork(const ModelConfig& config, std::int64_t features, at::ScalarType dtype, std::size_t kernel = 0,
               ReplicaLayout layout = ReplicaLayout::rows);

  const DensePlan& plan() const { return plan_; }
  at::ScalarType dtype() const { return dtype_; }
  template <typename T>
  const DenseKernel<T>& kernel() const {
    return dense_kernels<T>()[kernel_];
  }
  /// The operators' working memory, made when it is first asked for.
  const at::Tensor& workspace() const;

  /// Of one group: 1 where each has a row.
  std::int64_t lanes() const { return lanes_; }

  /// Zeros for `replicas` replicas, rounded up to whole groups.
  at::Tensor make_stack(std::int64_t replicas) const;
  std::int64_t replicas_in(const at::Tensor& stack) const;
  /// A stack's shape.
  std::vector<std::int64_t> stack_shape(std::int64_t replicas) const;

  /// One replica's kernels [in, out] and biases [out], layer by layer, as views of a stack.
  std::vector<at::Tensor> views(const at::Tensor& stack, std::int64_t replica) const;

 private:
  DensePlan plan_;
  at::ScalarType dtype_;
  std::size_t kernel_;
  std::int64_t lanes_;
  mutable at::Tensor workspace_;
};

/// The faster layout for the given number of replicas.
ReplicaLayout quicker_layout(const ModelConfig& config, std::int64_t features, at::ScalarType dtype,
                             std::int64_t replicas);

}  // namespace touchstone
