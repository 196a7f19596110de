#include "expect_named.h"

#include <gtest/gtest.h>

#include <chrono>

#include "diagnosis/diagnose.h"
#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {

void expect_named(const Candidate& candidate, const std::string& name) {
  const Verdict verdict = verify(candidate, spec_of(candidate.config), {}, 1);
  ASSERT_TRUE(verdict.first);
  const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::seconds(5), 1);
  ASSERT_EQ(diagnosis.explanations.size(), 1U) << to_text(diagnosis);
  EXPECT_EQ(names_of(diagnosis.explanations[0]), std::vector<std::string>{name}) << to_text(diagnosis);
}

}  // namespace touchstone
