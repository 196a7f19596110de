#pragma once

#include <torch/custom_class.h>

#include <utility>

#include "optim/formula.h"

namespace touchstone {

/// A formula as the fused operators are given it.
class FusedFormula : public torch::CustomClassHolder {
 public:
  explicit FusedFormula(CompiledFormula formula) : formula_(std::move(formula)) {}
  const CompiledFormula& formula() const { return formula_; }

 private:
  CompiledFormula formula_;
};

using FormulaHandle = c10::intrusive_ptr<FusedFormula>;

}  // namespace touchstone
