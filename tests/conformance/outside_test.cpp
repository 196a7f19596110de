// Rules that are none of the known: each is caught, and none is given a name; those that are linear are read off.

#include "../engines/cpp/outside.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

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

/// The rules that are linear in what is recorded, so that they can be read off, and how.
const std::map<std::string, std::string>& read_off() {
  static const std::map<std::string, std::string> formulas = {
      {"mean_size", "m = 0.9*m + 0.1*g; v = 0.999*v + 0.001*abs(g); p = p - lr*m/(v + 1e-07)"},
      {"sign", "m = 0.9*m + 0.1*g; v = 0.999*v + 0.001*g^2; p = p - lr*sign(g)"},
      {"warm_inside",
       "m = 0.9*m + 0.1*g; v = 0.999*v + 0.001*g^2; p = p - lr*(1 - 0.367879441171441^t)*m/(sqrt(v) + 1e-07)"},
  };
  return formulas;
}

/// Those of them that have no state.
const std::map<std::string, std::string>& read_off_without_state() {
  static const std::map<std::string, std::string> formulas = {{"sign", "p = p - lr*sign(g)"}};
  return formulas;
}

CaseResult caught(const std::string& options) {
  CaseResult result = run_example(cpp_engine(options), case_named("adam.decay"), 0);
  EXPECT_EQ(result.outcome, CaseResult::Outcome::failed) << options << ": " << result.message;
  return result;
}

void expect_read_off(const std::string& options, const std::string& formula) {
  const CaseResult result = caught(options);
  ASSERT_TRUE(result.diagnosis);
  ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << to_text(*result.diagnosis);
  const Hypothesis& found = result.diagnosis->explanations[0];
  EXPECT_EQ(names_of(found), std::vector<std::string>{"update_read_off"});
  EXPECT_EQ(text_of(found.spec.update), formula);
}

void expect_unknown(const std::string& options) {
  const CaseResult result = caught(options);
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

void expect_read_off_or_unknown(const std::string& options, const std::string& rule,
                                const std::map<std::string, std::string>& formulas) {
  const auto formula = formulas.find(rule);
  if (formula == formulas.end()) {
    expect_unknown(options + rule);
  } else {
    expect_read_off(options + rule, formula->second);
  }
}

TEST_P(OutsideRules, AreCaughtAndReadOffOrNotNamed) {
  expect_read_off_or_unknown("--outside ", GetParam(), read_off());
}

// Among the tests that take long: all, and with the state the engine's own, where every combination may be what it is.
class AllOutsideRules : public OutsideRules {};
TEST_P(AllOutsideRules, DISABLED_AreCaughtAndReadOffOrNotNamed) {
  expect_read_off_or_unknown("--outside ", GetParam(), read_off());
}
TEST_P(AllOutsideRules, DISABLED_AreCaughtAndReadOffOrNotNamedWithPrivateState) {
  expect_read_off_or_unknown("--private-state yes --outside ", GetParam(), read_off_without_state());
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
