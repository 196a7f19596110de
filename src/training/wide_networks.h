#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "fused/fused_network.h"
#include "model/dense_network.h"

namespace touchstone {

/// Whether a layer is so wide that LibTorch's matrix products are quicker than the fused operators'.
bool is_wide(const ModelConfig& config);

/// What dense_gradients and dense_evaluate do (fused/operators.h), by LibTorch's autograd and matrix products, one
/// replica after the other. Sums are in that library's order.
class WideNetworks {
 public:
  /// Of the first `count` replicas of two stacks of `network`.
  WideNetworks(const ModelConfig& config, const FusedNetwork& network, const at::Tensor& parameters,
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

  LossFrom loss_from_;
  std::vector<Replica> replicas_;
};

}  // namespace touchstone
