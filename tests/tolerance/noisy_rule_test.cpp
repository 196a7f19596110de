// Every optimizer's formula read with noise: without any it is the rule that trains, and that rule in float32 lies
// within the bound.

#include "tolerance/noisy_rule.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>

#include "all_examples.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "trace/tensors.h"

namespace touchstone {
namespace {

constexpr int updates = 5;

/// Gradients of every size and sign, and none.
double gradient_at(int update, int element) {
  const double size = std::pow(10.0, element % 7 - 4);
  return element % 5 == 4 && update < 2 ? 0.0 : size * std::sin(1.0 + 3.0 * update + element);
}

std::vector<at::Tensor> parameters(at::ScalarType dtype) {
  return {at::tensor({0.5, -1.5, 2.0, 0.25, -0.125, 1.0, 3.0}, at::kDouble).to(dtype),
          at::tensor({0.1, -0.2}, at::kDouble).to(dtype)};
}

using MakeRule = std::function<std::unique_ptr<UpdateRule>(const std::vector<at::Tensor>&)>;

/// What the parameters are after some updates, by the rule.
std::vector<double> trained(at::ScalarType dtype, const MakeRule& make) {
  std::vector<at::Tensor> trained = parameters(dtype);
  const auto rule = make(trained);
  for (int update = 0; update < updates; ++update) {
    int element = 0;
    for (at::Tensor& parameter : trained) {
      std::vector<double> gradient(static_cast<std::size_t>(parameter.numel()));
      // Numbers of float32, so that both precisions are given the same.
      for (double& g : gradient) g = static_cast<double>(static_cast<float>(gradient_at(update, element++)));
      parameter.mutable_grad() = at::tensor(gradient, at::kDouble).to(dtype);
    }
    rule->step(0.0078125 / (1 + update));
  }
  std::vector<double> values;
  for (const at::Tensor& parameter : trained) {
    for (const double value : values_of(parameter)) values.push_back(value);
  }
  return values;
}

class EachOptimizer : public testing::Test {
 protected:
  template <typename Check>
  static void each(const Check& check) {
    for (const OptimizerEntry& entry : optimizer_entries()) {
      for (const OptimizerExample& example : all_examples_of(entry.spec.name)) {
        for (const Convention convention :
             {Convention::keras, Convention::torch, Convention::paper, Convention::keras3}) {
          for (const double clipnorm : {0.0, 0.5}) {
            OptimizerConfig config = default_config(entry.spec.name);
            for (const auto& [name, value] : example.arguments) config.arguments[name] = value;
            config.convention = convention;
            if (clipnorm > 0.0) config.arguments["clipnorm"] = clipnorm;
            SCOPED_TRACE(entry.spec.name + " " + example.name + " " + std::to_string(static_cast<int>(convention)));
            check(config);
          }
        }
      }
    }
  }

  static std::vector<double> noisy(const OptimizerConfig& config, std::uint32_t attempt) {
    Noise noise = noise_of(Precision::float32, attempt);
    return trained(at::kDouble, [&](const std::vector<at::Tensor>& parameters) {
      return std::make_unique<NoisyRule>(parameters, make_formula(config, Precision::float64), make_pipeline(config),
                                         noise);
    });
  }

  static std::vector<double> own(const OptimizerConfig& config, at::ScalarType dtype) {
    return trained(dtype,
                   [&](const std::vector<at::Tensor>& parameters) { return make_update_rule(parameters, config); });
  }
};

TEST_F(EachOptimizer, IsWithoutNoiseTheRuleThatTrains) {
  each([](const OptimizerConfig& config) {
    const std::vector<double> expected = own(config, at::kDouble);
    const std::vector<double> got = noisy(config, 0);
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-13);
  });
}

TEST_F(EachOptimizer, InFloat32LiesWithinTheBound) {
  each([](const OptimizerConfig& config) {
    const std::vector<double> truth = noisy(config, 0);
    std::vector<double> noise(truth.size(), 0.0);
    for (std::uint32_t attempt = 1; attempt <= more_tries; ++attempt) {
      const std::vector<double> moved = noisy(config, attempt);
      for (std::size_t i = 0; i < truth.size(); ++i) noise[i] = std::max(noise[i], std::abs(moved[i] - truth[i]));
    }
    const std::vector<double> single = own(config, at::kFloat);
    const double floor = floor_units * ulp_of(Precision::float32);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      EXPECT_LE(std::abs(single[i] - truth[i]), noise_multiple * noise[i] + floor * std::abs(truth[i])) << i;
    }
  });
}

}  // namespace
}  // namespace touchstone
