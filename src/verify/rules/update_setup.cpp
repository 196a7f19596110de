#include "verify/rules/update_setup.h"

#include <ATen/core/Tensor.h>

#include <memory>

#include "verify/measure/noisy_rule.h"
#include "verify/measure/rounding.h"

namespace touchstone {
namespace {

struct NoNoise {
  Noise none = noise_of(Precision::float64, 0);
};

/// An update as a rule, without any rounding.
class ExactRule : private NoNoise, public NoisyRule {
 public:
  ExactRule(const std::vector<at::Tensor>& parameters, const UpdateSpec& update)
      : NoisyRule(parameters, formula_of(update), update.pipeline, none) {}
};

}  // namespace

Setup with_update(const Setup& declared, const UpdateSpec& update) {
  Setup setup = declared;
  setup.recipe.update = update;
  setup.recipe.make_rule = [update](const std::vector<at::Tensor>& parameters, const OptimizerConfig& /*config*/) {
    return std::make_unique<ExactRule>(parameters, update);
  };
  return setup;
}

}  // namespace touchstone
