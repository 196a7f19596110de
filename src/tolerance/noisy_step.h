#pragma once

#include <vector>

#include "tolerance/noisy_rule.h"
#include "training/training_step.h"

namespace touchstone {

// Steps of a training with rounding noise, two ways: in the precision's own arithmetic, which may round one way again
// and again; and by Monte Carlo arithmetic, whose noise is nothing on average.

/// By autograd in the precision of the parameters, with gradients perturbed: rounding enters at every update.
class PerturbedStep : public TrainingStep {
 public:
  /// `spec` and `noise` must outlive the step.
  PerturbedStep(const TrainingSpec& spec, std::vector<at::Tensor> parameters, Noise& noise);

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override;
  UpdateRule& rule() override { return step_.rule(); }

 private:
  std::vector<at::Tensor> parameters_;
  AutogradStep step_;
  Noise& noise_;
};

/// With the rounding of every operation, of gradients and of the rule.
class NoisyStep : public TrainingStep {
 public:
  /// `spec` and `noise` must outlive the step.
  NoisyStep(const TrainingSpec& spec, std::vector<at::Tensor> parameters, Noise& noise);

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override;
  UpdateRule& rule() override { return rule_; }

 private:
  const TrainingSpec& spec_;
  std::vector<at::Tensor> parameters_;
  Noise& noise_;
  NoisyRule rule_;
  GradientSums sums_;
};

}  // namespace touchstone
