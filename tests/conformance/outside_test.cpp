// Rules that are none of the known: each is caught, and none is given a name.

#include "../engines/cpp/outside.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "diagnosis/report.h"
#include "engines.h"

namespace touchstone {
namespace {

std::vector<std::string> rules() {
  std::vector<std::string> names;
  for (const auto& [name, rule] : example::outside_rules()) names.push_back(name);
  return names;
}

/// Half of them, for every day.
std::vector<std::string> some_rules() {
  std::vector<std::string> some;
  const std::vector<std::string> all = rules();
  for (std::size_t i = 0; i < all.size(); i += 2) some.push_back(all[i]);
  return some;
}

class OutsideRules : public testing::TestWithParam<std::string> {};

void expect_unknown(const std::string& options) {
  const CaseResult result = run_example(cpp_engine(options), case_named("adam.decay"), 0);
  SCOPED_TRACE(options + ": " + result.message);
  ASSERT_EQ(result.outcome, CaseResult::Outcome::failed);
  ASSERT_TRUE(result.diagnosis);
  EXPECT_TRUE(result.diagnosis->explanations.empty()) << to_text(*result.diagnosis);
  EXPECT_TRUE(result.diagnosis->conventions.empty()) << to_text(*result.diagnosis);
  for (const PartDiagnosis& part : result.diagnosis->parts) {
    EXPECT_EQ(part.part, Part::update);
    EXPECT_FALSE(part.is_known()) << to_text(*result.diagnosis);
  }
  ASSERT_FALSE(result.diagnosis->facts.empty());
  EXPECT_EQ(result.diagnosis->facts.front().part, Part::update);
}

TEST_P(OutsideRules, AreCaughtAndNotNamed) { expect_unknown("--outside " + GetParam()); }

// Among the tests that take long: all, and with the state the engine's own, where every combination may be what it is.
class AllOutsideRules : public OutsideRules {};
TEST_P(AllOutsideRules, DISABLED_AreCaughtAndNotNamed) { expect_unknown("--outside " + GetParam()); }
TEST_P(AllOutsideRules, DISABLED_AreCaughtAndNotNamedWithPrivateState) {
  expect_unknown("--private-state yes --outside " + GetParam());
}

std::string rule_name(const testing::TestParamInfo<std::string>& rule) { return as_test_name(rule.param); }

INSTANTIATE_TEST_SUITE_P(Each, OutsideRules, testing::ValuesIn(some_rules()), rule_name);
INSTANTIATE_TEST_SUITE_P(Each, AllOutsideRules, testing::ValuesIn(rules()), rule_name);

TEST(OutsideRule, ThatIsAlmostADeclaredOneIsToldByTheRest) {
  const CaseResult result = run_example(cpp_engine("--outside l1_decay_beside_adam"), case_named("adam.decay"), 0);
  ASSERT_TRUE(result.diagnosis);
  const std::vector<Fact>& facts = result.diagnosis->facts;
  EXPECT_TRUE(std::any_of(facts.begin(), facts.end(), [](const Fact& fact) {
    return fact.part == Part::update && fact.sentence ==
                                            "the step, less the declared one, is proportional to the rate times the "
                                            "parameter's sign";
  })) << to_text(*result.diagnosis);
}

TEST(OutsideRuleList, HasThirtyAtLeast) { EXPECT_GE(rules().size(), 30U); }

}  // namespace
}  // namespace touchstone
