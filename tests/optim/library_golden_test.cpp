// The conventions `torch` and `keras3` against PyTorch and Keras 3 themselves: golden/torch_optimizers.json and
// golden/keras3_optimizers.json, which golden/generate.py and golden/generate_keras3.py have written.
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

struct Library {
  Convention convention;
  json document;
};

json read_golden(const std::string& name) {
  return json::parse(std::ifstream(TOUCHSTONE_SOURCE_DIR "/tests/optim/golden/" + name));
}

const Library& pytorch() {
  static const Library library{Convention::torch, read_golden("torch_optimizers.json")};
  return library;
}

const Library& keras3() {
  static const Library library{Convention::keras3, read_golden("keras3_optimizers.json")};
  return library;
}

struct GoldenCase {
  const Library* library;
  const json* test;
};

std::vector<GoldenCase> golden_cases(const Library& library) {
  std::vector<GoldenCase> cases;
  for (const json& test : library.document.at("cases")) cases.push_back({&library, &test});
  return cases;
}

Value golden_value(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return value.get<std::string>();
  return value.get<double>();
}

OptimizerConfig golden_config(const GoldenCase& golden) {
  OptimizerConfig config = default_config(golden.test->at("name").get<std::string>());
  config.convention = golden.library->convention;
  config.arguments["lr"] = 1.0;
  for (const auto& [name, value] : golden.test->at("arguments").items()) config.arguments[name] = golden_value(value);
  return config;
}

/// The kernel [2, 2] and the bias [2].
std::vector<at::Tensor> golden_parts(const Library& library, const json& values) {
  const auto all = values.get<std::vector<double>>();
  const auto cut = all.begin() + library.document.at("kernel").get<std::ptrdiff_t>();
  const at::TensorOptions options(at::kDouble);
  return {at::tensor(std::vector<double>(all.begin(), cut), options).view({2, 2}),
          at::tensor(std::vector<double>(cut, all.end()), options)};
}

/// Sums of terms no larger than the parameter: a few units in the last place. Of Keras 3's clipped norm float32's,
/// since on PyTorch Keras 3.15's `ops.maximum(norm, clipnorm)` of a float64 and a Python number is a float32
/// (base_optimizer.py, _clip_by_norm).
double golden_tolerance(const GoldenCase& golden) {
  const bool is_keras3 = golden.library->convention == Convention::keras3;
  if (!is_keras3) return 1e-14;
  return golden.test->at("arguments").contains("clipnorm") ? 6e-8 : 1e-13;
}

using MakeRule = std::unique_ptr<UpdateRule> (*)(const std::vector<at::Tensor>&, const OptimizerConfig&);

void expect_moves_as_library(const GoldenCase& golden, MakeRule make_rule) {
  const json& document = golden.library->document;
  const std::vector<at::Tensor> parameters = golden_parts(*golden.library, document.at("start"));
  for (const at::Tensor& parameter : parameters) parameter.set_requires_grad(true);
  const auto rule = make_rule(parameters, golden_config(golden));
  for (std::size_t t = 0; t < document.at("rates").size(); ++t) {
    const std::vector<at::Tensor> gradients = golden_parts(*golden.library, document.at("gradients").at(t));
    for (std::size_t p = 0; p < parameters.size(); ++p) parameters[p].mutable_grad() = gradients[p];
    rule->step(document.at("rates").at(t).get<double>());
    const std::vector<at::Tensor> expected = golden_parts(*golden.library, golden.test->at("parameters").at(t));
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      for (std::int64_t i = 0; i < expected[p].numel(); ++i) {
        const auto value = expected[p].flatten()[i].item<double>();
        ASSERT_NEAR(parameters[p].flatten()[i].item<double>(), value,
                    golden_tolerance(golden) * (1.0 + std::abs(value)))
            << "update " << t << ", tensor " << p << ", element " << i << " " << golden.test->at("arguments");
      }
    }
  }
}

class LibraryGolden : public testing::TestWithParam<GoldenCase> {};

TEST_P(LibraryGolden, RuleMovesParametersAsTheLibraryDoes) { expect_moves_as_library(GetParam(), &make_update_rule); }

TEST_P(LibraryGolden, FormulaMovesParametersAsTheLibraryDoes) {
  expect_moves_as_library(GetParam(), [](const auto& parameters, const auto& config) {
    return std::unique_ptr<UpdateRule>(
        std::make_unique<FormulaRule>(parameters, make_formula(config, Precision::float64), make_pipeline(config)));
  });
}

std::string golden_name(const testing::TestParamInfo<GoldenCase>& golden) {
  return golden.param.test->at("name").get<std::string>() + std::to_string(golden.index);
}

INSTANTIATE_TEST_SUITE_P(PyTorch, LibraryGolden, testing::ValuesIn(golden_cases(pytorch())), &golden_name);
INSTANTIATE_TEST_SUITE_P(Keras3, LibraryGolden, testing::ValuesIn(golden_cases(keras3())), &golden_name);

}  // namespace
}  // namespace touchstone
