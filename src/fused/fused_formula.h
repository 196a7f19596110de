#pragma once

#include <torch/custom_class.h>

#include <utility>

#include "optim/formula.h"

namespace touchstone {

/// A formula as the fused operators are given it.
class FusedFormula : public torch::CustomClassHolder {
 public:
  explicit FusedFormula(Formula formula) : formula_(std::move(formula)) {}
  const Formula& formula() const { return formula_; }

 private:
  Formula formula_;
};

using FormulaHandle = c10::intrusive_ptr<FusedFormula>;

}  // namespace touchstone
