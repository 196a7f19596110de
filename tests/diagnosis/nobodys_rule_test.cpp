// What is off without a rule has no name: a wrong explanation is worse than none.

#include "nobodys_rule.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "diagnosis/diagnose.h"
#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

constexpr std::uint32_t shares = 4;

/// A number from the environment: long tests try more, and others.
std::uint32_t number_from(const char* variable, std::uint32_t usual) {
  const char* wanted = std::getenv(variable);
  return wanted != nullptr ? static_cast<std::uint32_t>(std::stoul(wanted)) : usual;
}

/// Where rates were changed after they were used, it is true that the update took others than the recorded ones.
bool is_true(const Hypothesis& explanation, const NobodysRule& injected) {
  return injected.changes_rates && names_of(explanation) == std::vector<std::string>{"initial_rate_taken"};
}

bool is_known(const Diagnosis& diagnosis, const NobodysRule& injected) {
  const auto part_is_known = [&](const PartDiagnosis& part) {
    return !part.conventions.empty() ||
           std::any_of(part.explanations.begin(), part.explanations.end(),
                       [&](const Hypothesis& explanation) { return !is_true(explanation, injected); });
  };
  return !diagnosis.explanations.empty() || !diagnosis.conventions.empty() ||
         std::any_of(diagnosis.parts.begin(), diagnosis.parts.end(), part_is_known);
}

/// A share of the traces, so that shards can run side by side.
class NobodysRuleTest : public testing::TestWithParam<std::uint32_t> {};

TEST_P(NobodysRuleTest, HasNoName) {
  constexpr std::uint32_t stride = 37;  // through all cases
  const std::uint32_t count = number_from("TOUCHSTONE_FUZZ_TRACES", 48);
  const std::uint32_t first = number_from("TOUCHSTONE_FUZZ_FIRST", 0);
  std::uint32_t differing = 0;
  for (std::uint32_t i = GetParam(); i < count; i += shares) {
    NobodysRule injected = nobodys_rule(first + stride * i);
    const Candidate candidate(std::move(injected.trace), injected.name);
    const Verdict verdict = verify(candidate, spec_of(candidate.config), {}, 1);
    if (!verdict.first) continue;  // as where only signs count
    ++differing;
    const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::duration<double>(3.0), 1);
    EXPECT_FALSE(is_known(diagnosis, injected)) << injected.name << "\n" << to_text(diagnosis);
    for (const PartDiagnosis& part : diagnosis.parts) {
      EXPECT_LE(part.closest ? part.closest->hypothesis.edits.size() : 0U, 1U) << injected.name << "\n"
                                                                               << to_text(diagnosis);
    }
  }
  EXPECT_GT(differing, count / shares / 2);
}

INSTANTIATE_TEST_SUITE_P(NobodysRule, NobodysRuleTest, testing::Range<std::uint32_t>(0, shares));

}  // namespace
}  // namespace touchstone
