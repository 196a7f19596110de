// The cases that bring their gradients: the rules on LibTorch pass them all, and the gradients bite.

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "conformance/cases.h"
#include "conformance/check_engine.h"
#include "engines.h"
#include "trace/replay.h"
#include "updates.h"

namespace touchstone {
namespace {

std::vector<std::string> update_cases() {
  std::vector<std::string> names;
  for (const ConformanceCase& each : every_case()) {
    if (each.task == Task::updates) names.push_back(each.name);
  }
  return names;
}

Trace by_libtorch(const Trace& given) { return make_updates(given, read_configuration(given, "the case").optimizer); }

class UpdateCases : public testing::TestWithParam<std::string> {};

TEST_P(UpdateCases, ArePassedByTheRulesOnLibTorch) { EXPECT_EQ(mismatch(&by_libtorch, GetParam()), ""); }

INSTANTIATE_TEST_SUITE_P(All, UpdateCases, testing::ValuesIn(update_cases()),
                         [](const auto& each) { return as_test_name(each.param); });

TEST(GivenGradients, AreTinyAndHugeAndSilentForAWhileAndChangeTheirSign) {
  const std::vector<ConformanceCase>& cases = every_case();
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
