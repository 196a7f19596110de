#pragma once

#include <functional>
#include <string>
#include <vector>

#include "optim/update_rule.h"

namespace touchstone {

/// A rule given as a formula, for those that no torch::optim class can express.
class FormulaRule : public UpdateRule {
 public:
  /// What the formula works on: one parameter's tensors, to be changed in place.
  struct Step {
    at::Tensor parameter;
    at::Tensor gradient;
    std::vector<at::Tensor> slots;  ///< in the order of the names given
    double lr;
    std::int64_t t;     ///< number of this update, from 1
    std::size_t index;  ///< which parameter, of `count`
    std::size_t count;
  };
  using Formula = std::function<void(Step&)>;

  FormulaRule(std::vector<at::Tensor> parameters, std::vector<std::string> slot_names, Formula formula);

  void step(double lr) override;
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<std::string> slot_names_;
  Formula formula_;
  std::vector<std::vector<at::Tensor>> slots_;  ///< [parameter][slot]
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
