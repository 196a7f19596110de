#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "optim/torch/elementwise_optimizer.h"

namespace touchstone {

/// Options of Adadelta; PyTorch's names, Keras's defaults.
struct AdadeltaOptions : public torch::optim::OptimizerCloneableOptions<AdadeltaOptions> {
  explicit AdadeltaOptions(double lr = 1.0) : lr_(lr) {}
  TORCH_ARG(double, lr) = 1.0;
  TORCH_ARG(double, rho) = 0.95;
  TORCH_ARG(double, eps) = 1e-7;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double lr) override { lr_ = lr; }
};

struct AdadeltaParamState : public torch::optim::OptimizerCloneableParamState<AdadeltaParamState> {
  TORCH_ARG(at::Tensor, square_avg);
  TORCH_ARG(at::Tensor, acc_delta);
};

/// Adadelta, which LibTorch's C++ API lacks: algorithm 1 of Zeiler (arXiv:1212.5701) with a rate:
///   a = rho * a + (1 - rho) * g^2
///   update = g * sqrt(d + eps) / sqrt(a + eps)        (d as it was before this update)
///   d = rho * d + (1 - rho) * update^2                (without the rate)
///   p -= lr * update
/// Keras and PyTorch agree on it. Throws c10::Error for a negative lr or eps, or a rho outside [0, 1).
class TorchAdadelta : public ElementwiseOptimizer<AdadeltaOptions, AdadeltaParamState> {
 public:
  explicit TorchAdadelta(std::vector<at::Tensor> parameters, AdadeltaOptions defaults = AdadeltaOptions());

 private:
  void update(const AdadeltaOptions& options, AdadeltaParamState& state, const at::Tensor& parameter) override;
};

}  // namespace touchstone
