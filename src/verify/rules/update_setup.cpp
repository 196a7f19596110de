#include "verify/rules/update_setup.h"

#include <ATen/core/Tensor.h>

#include <memory>

#include "verify/measure/noisy_rule.h"
#include "verify/measure/rounding.h"
#include "verify/rules/update_axes.h"

namespace touchstone {
namespace {

struct NoNoise {
  Noise none = noise_of(Precision::float64, 0);
};

/// A formula as a rule, without any rounding.
class ExactRule : private NoNoise, public NoisyRule {
 public:
  ExactRule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config)
      : NoisyRule(parameters, unrounded_formula(config), around_of(config), none) {}
};

}  // namespace

Setup with_update(const Setup& right, const OptimizerConfig& optimizer) {
  Setup setup = right;
  setup.config.optimizer = optimizer;
  setup.recipe.make_formula = [](const OptimizerConfig& config, Precision) { return unrounded_formula(config); };
  setup.recipe.make_rule = [](const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
    return std::make_unique<ExactRule>(parameters, config);
  };
  return setup;
}

}  // namespace touchstone
