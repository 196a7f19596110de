// The convention `keras3` against Keras 3 itself: golden/keras3_optimizers.json, which golden/generate_keras3.py has
// written.
#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "optim/clipping.h"
#include "optim/formula_rule.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

const nlohmann::json& keras3() {
  static const nlohmann::json document =
      nlohmann::json::parse(std::ifstream(TOUCHSTONE_SOURCE_DIR "/tests/optim/golden/keras3_optimizers.json"));
  return document;
}

OptimizerConfig keras3_config(const nlohmann::json& test) {
  OptimizerConfig config = default_config(test.at("name").get<std::string>());
  config.convention = Convention::keras3;
  config.arguments["lr"] = 1.0;
  for (const auto& [name, value] : test.at("arguments").items()) {
    config.arguments[name] = value.is_boolean() ? Value(value.get<bool>()) : Value(value.get<double>());
  }
  return config;
}

at::Tensor part_of(const nlohmann::json& values, bool kernel) {
  const auto all = values.get<std::vector<double>>();
  const auto cut = all.begin() + keras3().at("kernel").get<std::ptrdiff_t>();
  return at::tensor(kernel ? std::vector<double>(all.begin(), cut) : std::vector<double>(cut, all.end()),
                    at::TensorOptions(at::kDouble));
}

class Keras3Golden : public testing::TestWithParam<std::size_t> {};

using MakeRule = std::unique_ptr<UpdateRule> (*)(const std::vector<at::Tensor>&, const OptimizerConfig&);

/// A few units in the last place; of a clipped norm float32's, since on PyTorch Keras 3.15's `ops.maximum(norm,
/// clipnorm)` of a float64 and a Python number is a float32 (base_optimizer.py, _clip_by_norm).
double tolerance_of(const nlohmann::json& test) { return test.at("arguments").contains("clipnorm") ? 6e-8 : 1e-13; }

void expect_moves_as_keras3(MakeRule make_rule, const nlohmann::json& test) {
  std::vector<at::Tensor> parameters;
  for (const bool kernel : {true, false}) {
    parameters.push_back(part_of(keras3().at("start"), kernel).requires_grad_(true));
  }
  const auto rule = make_rule(parameters, keras3_config(test));
  for (std::size_t t = 0; t < keras3().at("rates").size(); ++t) {
    for (const bool kernel : {true, false}) {
      parameters[kernel ? 0 : 1].mutable_grad() = part_of(keras3().at("gradients").at(t), kernel);
    }
    rule->step(keras3().at("rates").at(t).get<double>());
    for (const bool kernel : {true, false}) {
      const at::Tensor expected = part_of(test.at("parameters").at(t), kernel);
      const at::Tensor got = parameters[kernel ? 0 : 1];
      for (std::int64_t i = 0; i < expected.numel(); ++i) {
        const auto value = expected[i].item<double>();
        ASSERT_NEAR(got[i].item<double>(), value, tolerance_of(test) * (1.0 + std::abs(value)))
            << "update " << t << ", " << i;
      }
    }
  }
}

TEST_P(Keras3Golden, RuleMovesParametersAsKeras3Does) {
  expect_moves_as_keras3(&make_update_rule, keras3().at("cases").at(GetParam()));
}

TEST_P(Keras3Golden, FormulaMovesParametersAsKeras3Does) {
  expect_moves_as_keras3(
      [](const auto& parameters, const auto& config) {
        return with_clipping(std::make_unique<FormulaRule>(parameters, make_formula(config, Precision::float64)),
                             parameters, config);
      },
      keras3().at("cases").at(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Each, Keras3Golden, testing::Range<std::size_t>(0, keras3().at("cases").size()));

}  // namespace
}  // namespace touchstone
