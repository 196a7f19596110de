// The cases that bring their gradients: the rules on LibTorch pass them all, and the gradients bite.

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "conformance/cases.h"
#include "conformance/check_engine.h"
#include "engines.h"
#include "experiment/config.h"
#include "optim/registry.h"
#include "optim/update_rule.h"
#include "trace/replay.h"
#include "trace/setup.h"
#include "trace/tensors.h"

namespace touchstone {
namespace {

std::vector<std::string> update_cases() {
  std::vector<std::string> names;
  for (const ConformanceCase& each : conformance_cases()) {
    if (each.task == Task::updates) names.push_back(each.name);
  }
  return names;
}

/// What an adapter does: each update from the given gradient and rate, the parameters recorded.
Trace make_updates(const Trace& given) {
  const Setup setup{read_configuration(given, "the case"), {}};
  const std::vector<at::Tensor> parameters = initial_parameters(given, precision_of(given.dtype));
  const auto rule = make_update_rule(parameters, setup.config.optimizer);
  Trace trace = given;
  const std::vector<std::string> names = given.parameters();
  for (std::size_t update = 0; update < given.update_index->size(); ++update) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Array& all = *given.find("step/grad/" + names[i]);
      at::Tensor parameter = parameters[i];
      parameter.mutable_grad() =
          tensor_of(all.record(update), {all.shape.begin() + 1, all.shape.end()}, parameter.scalar_type());
    }
    rule->step(given.find("step/lr")->values[update]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      Array& recorded = trace.arrays["step/param/" + names[i]];
      const std::vector<double> values = values_of(parameters[i]);
      recorded.values.insert(recorded.values.end(), values.begin(), values.end());
      recorded.shape = given.find("step/grad/" + names[i])->shape;
    }
  }
  return trace;
}

class UpdateCases : public testing::TestWithParam<std::string> {};

TEST_P(UpdateCases, ArePassedByTheRulesOnLibTorch) { EXPECT_EQ(mismatch(&make_updates, GetParam()), ""); }

INSTANTIATE_TEST_SUITE_P(All, UpdateCases, testing::ValuesIn(update_cases()),
                         [](const auto& each) { return as_test_name(each.param); });

TEST(GivenGradients, AreTinyAndHugeAndSilentForAWhileAndChangeTheirSign) {
  const std::vector<ConformanceCase> cases = conformance_cases();
  const auto adam = std::find_if(cases.begin(), cases.end(),
                                 [](const ConformanceCase& each) { return each.name == "update.adam.constant.f32"; });
  ASSERT_NE(adam, cases.end());
  const Trace trace = trace_of(*adam, 0);
  const Array& gradients = *trace.find("step/grad/dense_0/kernel");
  const std::vector<double> sizes = [&] {
    std::vector<double> all;
    for (const double value : gradients.values) {
      if (value != 0.0) all.push_back(std::abs(value));
    }
    return all;
  }();
  EXPECT_LT(*std::min_element(sizes.begin(), sizes.end()), 1e-10);
  EXPECT_GT(*std::max_element(sizes.begin(), sizes.end()), 1e3);
  const auto of_element = [&](std::size_t element, std::size_t update) { return gradients.record(update)[element]; };
  EXPECT_EQ(of_element(3, 0), 0.0);
  EXPECT_NE(of_element(3, 23), 0.0);
  EXPECT_NE(of_element(4, 0), 0.0);
  EXPECT_EQ(of_element(4, 10), 0.0);
  EXPECT_GT(of_element(5, 0) * of_element(5, 2), 0.0);
  EXPECT_LT(of_element(5, 0) * of_element(5, 1), 0.0);
}

}  // namespace
}  // namespace touchstone
