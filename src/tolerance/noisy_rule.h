#pragma once

#include <vector>

#include "optim/update_rule.h"
#include "tolerance/noisy_update.h"

namespace touchstone {

/// An optimizer's formula as a rule, read in doubles with the rounding that a Noise draws; in attempt 0 exactly.
class NoisyRule : public UpdateRule {
 public:
  /// `parameters`: in whichever precision. `noise` must outlive the rule.
  NoisyRule(std::vector<at::Tensor> parameters, Formula formula, const UpdatePipeline& pipeline, Noise& noise);
  ~NoisyRule() override;

  void step(double lr) override;
  bool stateless() const override { return are_stateless(formula_.slots); }
  Slots slots() const override;
  void restore(const Slots& slots, std::int64_t updates) override;

 private:
  at::Tensor like(std::size_t parameter, const std::vector<double>& values) const;

  std::vector<at::Tensor> parameters_;
  Formula formula_;
  UpdatePipeline pipeline_;
  Noise& noise_;
  UpdateState state_;
  std::int64_t updates_ = 0;
};

}  // namespace touchstone
