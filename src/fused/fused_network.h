#pragma once

#include <ATen/core/Tensor.h>
#include <torch/custom_class.h>

#include <cstdint>
#include <vector>

#include "experiment/config_fwd.h"
#include "kernel/kernel.h"

namespace touchstone {

/// A dense network whose replicas lie stacked, [replicas, elements of a row], and what the fused operators need for
/// it: the layout, the kernel of this processor, and their working memory. Not for two threads at once.
class FusedNetwork : public torch::CustomClassHolder {
 public:
  /// `dtype`: float32 or float64. `kernel`: which of dense_kernels(), the fastest by default.
  FusedNetwork(const ModelConfig& config, std::int64_t features, at::ScalarType dtype, std::size_t kernel = 0);

  const DensePlan& plan() const { return plan_; }
  at::ScalarType dtype() const { return dtype_; }
  template <typename T>
  const DenseKernel<T>& kernel() const {
    return dense_kernels<T>()[kernel_];
  }
  const at::Tensor& workspace() const { return workspace_; }

  /// Zeros for so many replicas.
  at::Tensor make_stack(std::int64_t replicas) const;

  /// One replica's kernels [in, out] and biases [out], layer by layer, as views of a stack.
  std::vector<at::Tensor> views(const at::Tensor& stack, std::int64_t replica) const;

 private:
  DensePlan plan_;
  at::ScalarType dtype_;
  std::size_t kernel_;
  at::Tensor workspace_;
};

using NetworkHandle = c10::intrusive_ptr<FusedNetwork>;

}  // namespace touchstone
