#include "optim/pipeline_rule.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/where.h>

#include <utility>

#include "optim/apply_pipeline.h"

namespace touchstone {

/// The norm stays on the device: no element of it is looked at here. As Clipping::scales decides.
TensorNumber scaled(const Clipping& clipping, const TensorNumber& g, const TensorNumber& norm,
                    const TensorNumber& most) {
  const at::Tensor scales =
      clipping.epsilon > 0.0 ? (norm.tensor() < clipping.norm).logical_not() : norm.tensor() >= clipping.norm;
  return TensorNumber(at::where(scales, (g * most / norm).tensor(), g.tensor()));
}

using Element = ParameterTensors::Element;

bool Element::is_kernel() const { return parameter_.dim() == 2; }
TensorNumber Element::square_sum() const { return TensorNumber(parameter_.grad().square().sum()); }
TensorNumber Element::gradient_number() const { return TensorNumber(parameter_.grad()); }

void Element::assign(const TensorNumber& parameter, const TensorNumber& gradient) {
  if (!parameter.tensor().is_same(parameter_)) parameter_.copy_(parameter.tensor());
  if (!gradient.tensor().is_same(parameter_.grad())) parameter_.grad().copy_(gradient.tensor());
}

Element ParameterTensors::operator[](std::size_t i) const { return Element(parameters_[i]); }

namespace {

class PipelineRule : public UpdateRule {
 public:
  PipelineRule(std::unique_ptr<UpdateRule> rule, std::vector<at::Tensor> parameters, const UpdatePipeline& pipeline)
      : rule_(std::move(rule)), parameters_(std::move(parameters)), pipeline_(pipeline) {}

  void step(double lr) override {
    {
      const at::NoGradGuard no_grad;
      apply_before_rule(pipeline_, lr, ParameterTensors(parameters_));
    }
    rule_->step(lr);
  }

  bool stateless() const override { return rule_->stateless(); }
  Slots slots() const override { return rule_->slots(); }
  void restore(const Slots& slots, std::int64_t updates) override { rule_->restore(slots, updates); }

 private:
  std::unique_ptr<UpdateRule> rule_;
  std::vector<at::Tensor> parameters_;
  UpdatePipeline pipeline_;
};

}  // namespace

std::unique_ptr<UpdateRule> with_pipeline(std::unique_ptr<UpdateRule> rule, const std::vector<at::Tensor>& parameters,
                                          const UpdatePipeline& pipeline) {
  if (!pipeline.has_steps_before_rule()) return rule;
  return std::make_unique<PipelineRule>(std::move(rule), parameters, pipeline);
}

}  // namespace touchstone
