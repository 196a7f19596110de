// The catalogue of mistakes: each has a name of its own, is made where it can be, and is one rule, in training as in
// noise.

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <set>

#include "optim/optimizer.h"
#include "optim/registry.h"
#include "optim/update_rule.h"
#include "trace/tensors.h"
#include "verify/measure/noisy_rule.h"
#include "verify/measure/rounding.h"
#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

RunConfig run_with(const OptimizerConfig& optimizer) {
  RunConfig run;
  run.model.layers = {{3, "softmax", "glorot_uniform"}};
  run.optimizer = optimizer;
  return run;
}

std::vector<double> after_updates(const std::function<std::unique_ptr<UpdateRule>(std::vector<at::Tensor>&)>& make) {
  std::vector<at::Tensor> parameters = {at::tensor({0.5, -1.5, 2.0}, at::kDouble), at::tensor({0.1}, at::kDouble)};
  const auto rule = make(parameters);
  for (const double size : {1.0, -0.3, 1e-4}) {
    parameters[0].mutable_grad() = at::tensor({0.2 * size, 1e-3 * size, -4.0 * size}, at::kDouble);
    parameters[1].mutable_grad() = at::tensor({0.5 * size}, at::kDouble);
    rule->step(0.01);
  }
  std::vector<double> values = values_of(parameters[0]);
  values.push_back(parameters[1].item<double>());
  return values;
}

TEST(Catalogue, NamesAreUnique) {
  std::set<std::string> names;
  for (const Mistake& mistake : catalogue()) EXPECT_TRUE(names.insert(mistake.name).second) << mistake.name;
}

TEST(Catalogue, AnotherOptimizersMistakesCannotBeMade) {
  const touchstone::Setup plain{run_with(default_config("SGD")), {}};
  for (const Mistake& mistake : catalogue()) {
    if (mistake.name.rfind("ada", 0) == 0 || mistake.name == "rho_mistaken") {
      EXPECT_TRUE(mistake.variants(plain).empty()) << mistake.name;
    }
  }
}

TEST(Catalogue, AMistakenRuleIsOneInTrainingAndInNoise) {
  int compared = 0;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    OptimizerConfig config = default_config(entry.spec.name);
    if (entry.spec.name == "SGD") config.arguments["momentum"] = 0.9;
    for (const Mistake& mistake : catalogue()) {
      for (const touchstone::Setup& setup : mistake.variants({run_with(config), {}})) {
        SCOPED_TRACE(entry.spec.name + ", " + mistake.name);
        const OptimizerConfig& made = setup.config.optimizer;
        const std::vector<double> trained = after_updates(
            [&](std::vector<at::Tensor>& parameters) { return setup.recipe.make_rule(parameters, made); });
        Noise none = noise_of(Precision::float64, 0);
        const std::vector<double> read = after_updates([&](std::vector<at::Tensor>& parameters) {
          return std::make_unique<NoisyRule>(parameters, setup.recipe.make_formula(made, Precision::float64),
                                             clipping_of(made), none);
        });
        for (std::size_t i = 0; i < trained.size(); ++i) EXPECT_NEAR(read[i], trained[i], 1e-13);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 50);
}

}  // namespace
}  // namespace touchstone
