#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <tuple>
#include <vector>

#include "optim/torch/elementwise_optimizer.h"

namespace touchstone {

/// Options of Adamax; PyTorch's names, Keras's defaults.
struct AdamaxOptions : public torch::optim::OptimizerCloneableOptions<AdamaxOptions> {
  explicit AdamaxOptions(double lr = 0.002) : lr_(lr) {}
  TORCH_ARG(double, lr) = 0.002;
  using betas_t = std::tuple<double, double>;
  TORCH_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  TORCH_ARG(double, eps) = 1e-7;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double lr) override { lr_ = lr; }
};

struct AdamaxParamState : public torch::optim::OptimizerCloneableParamState<AdamaxParamState> {
  TORCH_ARG(std::int64_t, step) = 0;
  TORCH_ARG(at::Tensor, exp_avg);
  TORCH_ARG(at::Tensor, exp_inf);
};

/// Adamax, which LibTorch's C++ API lacks: algorithm 2 of Kingma and Ba (arXiv:1412.6980) with an epsilon in
/// the denominator, as Keras has it:
///   m = beta_1 * m + (1 - beta_1) * g
///   u = max(beta_2 * u, |g|)
///   p -= lr / (1 - beta_1^t) * m / (u + eps)
/// Throws c10::Error for a negative lr or eps, or betas outside [0, 1).
class TorchAdamax : public ElementwiseOptimizer<AdamaxOptions, AdamaxParamState> {
 public:
  explicit TorchAdamax(std::vector<at::Tensor> parameters, AdamaxOptions defaults = AdamaxOptions());

 private:
  void update(const AdamaxOptions& options, AdamaxParamState& state, const at::Tensor& parameter) override;
};

}  // namespace touchstone
