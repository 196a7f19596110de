// The convention `torch` against PyTorch itself: golden/torch_optimizers.json, which golden/generate.py has written.
#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "optim/formula_rule.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

using nlohmann::json;

const json& golden() {
  static const json document =
      json::parse(std::ifstream(TOUCHSTONE_SOURCE_DIR "/tests/optim/golden/torch_optimizers.json"));
  return document;
}

OptimizerConfig config_of(const json& test) {
  OptimizerConfig config;
  config.name = test.at("name").get<std::string>();
  config.convention = Convention::torch;
  config.arguments["lr"] = 1.0;
  for (const auto& [name, value] : test.at("arguments").items()) {
    config.arguments[name] = value.is_boolean() ? Value(value.get<bool>()) : Value(value.get<double>());
  }
  return config;
}

at::Tensor tensor_of(const json& values) {
  return at::tensor(values.get<std::vector<double>>(), at::TensorOptions(at::kDouble));
}

class TorchGolden : public testing::TestWithParam<std::size_t> {};

using MakeRule = std::unique_ptr<UpdateRule> (*)(const std::vector<at::Tensor>&, const OptimizerConfig&);

void expect_moves_as_pytorch(const json& test, MakeRule make_rule) {
  at::Tensor parameter = tensor_of(golden().at("start")).requires_grad_(true);
  const auto rule = make_rule({parameter}, config_of(test));
  for (std::size_t t = 0; t < golden().at("rates").size(); ++t) {
    parameter.mutable_grad() = tensor_of(golden().at("gradients").at(t));
    rule->step(golden().at("rates").at(t).get<double>());
    const auto expected = test.at("parameters").at(t).get<std::vector<double>>();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // Twelve sums of terms no larger than the parameter: a few units in the last place.
      ASSERT_NEAR(parameter[static_cast<std::int64_t>(i)].item<double>(), expected[i],
                  1e-14 * (1.0 + std::abs(expected[i])))
          << "update " << t << ", element " << i;
    }
  }
}

TEST_P(TorchGolden, RuleMovesParametersAsPyTorchDoes) {
  expect_moves_as_pytorch(golden().at("cases").at(GetParam()), &make_update_rule);
}

TEST_P(TorchGolden, FormulaMovesParametersAsPyTorchDoes) {
  expect_moves_as_pytorch(golden().at("cases").at(GetParam()), [](const auto& parameters, const auto& config) {
    return std::unique_ptr<UpdateRule>(
        std::make_unique<FormulaRule>(parameters, make_formula(config, Precision::float64)));
  });
}

INSTANTIATE_TEST_SUITE_P(PyTorch, TorchGolden, testing::Range(std::size_t{0}, golden().at("cases").size()),
                         [](const testing::TestParamInfo<std::size_t>& golden_case) {
                           return golden().at("cases").at(golden_case.param).at("name").get<std::string>() +
                                  std::to_string(golden_case.param);
                         });

}  // namespace
}  // namespace touchstone
