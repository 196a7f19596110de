#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <torch/optim/optimizer.h>

#include "optim/torch/torch_state.h"

namespace touchstone {

/// A torch::optim optimizer that updates each parameter by itself. `Options` and `State` are its own.
template <typename Options, typename State>
class ElementwiseOptimizer : public torch::optim::Optimizer {
 public:
  using Optimizer::Optimizer;

  at::Tensor step(LossClosure closure = nullptr) override {
    at::Tensor loss;
    if (closure != nullptr) {
      const at::AutoGradMode enable_grad(true);
      loss = closure();
    }
    const at::NoGradGuard no_grad;
    for (auto& group : param_groups_) {
      const auto& options = static_cast<const Options&>(group.options());
      for (const at::Tensor& parameter : group.params()) {
        if (parameter.grad().defined()) update(options, obtain_state<State>(*this, parameter), parameter);
      }
    }
    return loss;
  }

 private:
  /// Moves one parameter by its grad(). A new state is empty.
  virtual void update(const Options& options, State& state, const at::Tensor& parameter) = 0;
};

}  // namespace touchstone
