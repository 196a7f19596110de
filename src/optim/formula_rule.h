#pragma once

#include <vector>

#include "optim/formula.h"
#include "optim/update_pipeline.h"
#include "optim/update_rule.h"

namespace touchstone {

/// An update as a formula over tensors: for the rules that no torch::optim class has, and for whatever an engine may do
/// instead of what is declared.
class FormulaRule : public UpdateRule {
 public:
  FormulaRule(const std::vector<at::Tensor>& parameters, Formula formula, const UpdatePipeline& pipeline = {});
  ~FormulaRule() override;

  void step(double lr) override;
  bool stateless() const override { return are_stateless(formula_.slots); }
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  std::vector<at::Tensor> parameters_;
  Formula formula_;
  UpdatePipeline pipeline_;
  std::vector<std::vector<TensorNumber>> slots_;  ///< [parameter][slot]
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
