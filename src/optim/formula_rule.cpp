#include "optim/formula_rule.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full_like.h>

#include <utility>

#include "optim/apply_pipeline.h"
#include "optim/pipeline_rule.h"

namespace touchstone {

// By reference, since at::Tensor is incomplete where callers see the declaration.
FormulaRule::FormulaRule(const std::vector<at::Tensor>& parameters,  // NOLINT(modernize-pass-by-value)
                         Formula formula, const UpdatePipeline& pipeline)
    : parameters_(parameters), formula_(std::move(formula)), pipeline_(pipeline) {
  for (const at::Tensor& parameter : parameters_) {
    auto& of_parameter = slots_.emplace_back();
    for (const Slot& slot : formula_.slots) of_parameter.emplace_back(at::full_like(parameter.detach(), slot.start));
  }
}

FormulaRule::~FormulaRule() = default;

void FormulaRule::step(double lr) {
  const at::NoGradGuard no_grad;
  apply_update(pipeline_, lr, ++updates_, ParameterTensors(parameters_),
               [&](double rate, std::int64_t t, std::size_t p) {
                 TensorNumber parameter(parameters_[p]);
                 formula_.in_tensors(rate, t, parameter, TensorNumber(parameters_[p].grad()), slots_[p]);
                 parameters_[p].copy_(parameter.tensor());
               });
}

Slots FormulaRule::slots() const {
  Slots result;
  for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
    for (const auto& of_parameter : slots_) result[formula_.slots[s].name].push_back(of_parameter[s].tensor().clone());
  }
  return result;
}

void FormulaRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
    const std::vector<at::Tensor>& values = slots.at(formula_.slots[s].name);
    for (std::size_t p = 0; p < slots_.size(); ++p) slots_[p][s] = TensorNumber(values[p].clone());
  }
}

}  // namespace touchstone
