#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "model/dense_network.h"
#include "optim/update_rule.h"
#include "training/batch_gradients.h"
#include "training/training_spec.h"

namespace touchstone {

/// How one update of a training is computed: the gradients of a batch, then the parameters.
class TrainingStep {
 public:
  virtual ~TrainingStep() = default;

  /// Leaves the gradients of a batch in the parameters' grad(): x [B, features], y [B]; of its losses, summed and
  /// divided by `divisor`.
  virtual BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) = 0;
  /// Moves the parameters.
  virtual UpdateRule& rule() = 0;
};

/// The gradients of all updates so far, where they accumulate.
class GradientSums {
 public:
  /// Adds those before to the grad() of `parameters`. The optimizer may overwrite it.
  void add_to(const std::vector<at::Tensor>& parameters);

 private:
  std::vector<at::Tensor> sums_;
};

/// By LibTorch's autograd, and torch::optim where it has the optimizer.
class AutogradStep : public TrainingStep {
 public:
  /// `parameters`: kernel and bias of each layer, which are moved in place. `spec` must outlive the step.
  AutogradStep(const TrainingSpec& spec, std::vector<at::Tensor> parameters);

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override;
  UpdateRule& rule() override { return *rule_; }

 private:
  const TrainingSpec& spec_;
  std::vector<at::Tensor> parameters_;
  DenseNetwork network_;
  std::unique_ptr<UpdateRule> rule_;
  GradientSums sums_;
};

}  // namespace touchstone
