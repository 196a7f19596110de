#include "optim/formula_rule.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

namespace touchstone {

FormulaRule::FormulaRule(std::vector<at::Tensor> parameters, std::vector<std::string> slot_names, Formula formula)
    : parameters_(std::move(parameters)), slot_names_(std::move(slot_names)), formula_(std::move(formula)) {
  for (const at::Tensor& parameter : parameters_) {
    std::vector<at::Tensor> zeros;
    for (std::size_t s = 0; s < slot_names_.size(); ++s) zeros.push_back(at::zeros_like(parameter.detach()));
    slots_.push_back(std::move(zeros));
  }
}

void FormulaRule::step(double lr) {
  const at::NoGradGuard no_grad;
  ++updates_;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    Step step{parameters_[p], parameters_[p].grad(), slots_[p], lr, updates_, p, parameters_.size()};
    formula_(step);
  }
}

Slots FormulaRule::slots() const {
  Slots result;
  for (std::size_t s = 0; s < slot_names_.size(); ++s) {
    for (const auto& of_parameter : slots_) result[slot_names_[s]].push_back(of_parameter[s].clone());
  }
  return result;
}

void FormulaRule::restore(const Slots& slots, std::int64_t updates) {
  const at::NoGradGuard no_grad;
  updates_ = updates;
  for (std::size_t s = 0; s < slot_names_.size(); ++s) {
    for (std::size_t p = 0; p < slots_.size(); ++p) slots_[p][s].copy_(slots.at(slot_names_[s])[p]);
  }
}

}  // namespace touchstone
