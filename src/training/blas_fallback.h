#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "fused/fused_network.h"
#include "model/dense_network.h"
#include "model/loss.h"

namespace touchstone {

/// Whether a layer is so wide that LibTorch's matrix products are faster than the fused operators.
bool needs_blas(const ModelConfig& config);

/// Computes dense_gradients and dense_evaluate (fused/operators.h) with LibTorch's autograd and matrix products,
/// replica by replica. The order of sums is that library's.
class BlasFallback {
 public:
  /// For the first `count` replicas of the stacks of parameters and gradients of `network`.
  BlasFallback(const ModelConfig& config, const FusedNetwork& network, const at::Tensor& parameters,
               const at::Tensor& gradients, std::int64_t count);

  void differentiate(const at::Tensor& x, const at::Tensor& y, const at::Tensor& rows, std::int64_t begin,
                     std::int64_t count, const at::Tensor& losses, const at::Tensor& correct) const;
  void evaluate(const at::Tensor& x, const at::Tensor& y, const at::Tensor& losses, const at::Tensor& correct) const;

 private:
  struct Replica {
    std::vector<at::Tensor> parameters;
    std::vector<at::Tensor> gradients;
    DenseNetwork network;
  };

  Loss loss_;
  std::vector<Replica> replicas_;
};

}  // namespace touchstone
