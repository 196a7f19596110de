// One part that is wrong is called so, and no other.

#include <gmock/gmock.h>

#include "check/recorded.h"
#include "diagnosis/diagnose.h"
#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

using testing::ElementsAre;

Verdict judged(const Trace& trace) {
  const Candidate candidate(trace, "trace");
  Scope scope;
  scope.judged_only = true;
  return verify(candidate, spec_of(candidate.config), scope, 1);
}

std::vector<std::string> different_parts(const Trace& trace) {
  std::vector<std::string> names;
  for (const PartScore& part : judged(trace).parts) {
    if (part.differs()) names.emplace_back(name_of(part.part));
  }
  return names;
}

Trace with(Trace trace, const std::string& series, std::size_t element, double factor) {
  trace.arrays.at(series).values.at(element) *= factor;
  return trace;
}

class Parts : public testing::TestWithParam<DType> {
 protected:
  const Trace trace_ = recorded_sgd(GetParam());
};

TEST_P(Parts, OfARightTraceAllAgree) { EXPECT_THAT(different_parts(trace_), ElementsAre()); }

TEST_P(Parts, AreJudgedEachOnItsOwn) {
  constexpr double off = 1.001;
  EXPECT_THAT(different_parts(with(trace_, "step/loss", 4, off)), ElementsAre("forward"));
  EXPECT_THAT(different_parts(with(trace_, "epoch/loss", 1, off)), ElementsAre("metrics"));
  EXPECT_THAT(different_parts(with(trace_, "epoch/val_loss", 1, off)), ElementsAre("validation"));
  EXPECT_THAT(different_parts(with(trace_, "epoch/lr", 2, off)), ElementsAre("rate"));
  EXPECT_THAT(different_parts(with(trace_, "final/slot/moment/dense_0/bias", 3, off)), ElementsAre("update"));
}

// What was not recorded is not judged, and said to be so.
TEST_P(Parts, OfWhichNothingWasRecordedAreNotJudged) {
  Trace trace = trace_;
  for (auto array = trace.arrays.begin(); array != trace.arrays.end();) {
    const bool goes = array->first.rfind("step/grad/", 0) == 0 || array->first.rfind("epoch/val_", 0) == 0;
    array = goes ? trace.arrays.erase(array) : std::next(array);
  }
  std::vector<std::string> names;
  for (const PartScore& part : judged(trace).parts) {
    if (!part.is_judged()) names.emplace_back(name_of(part.part));
  }
  EXPECT_THAT(names, ElementsAre("gradient", "validation"));
}

// A gradient that is not the loss's: what follows from it is the update's, and is right no more.
TEST_P(Parts, OfAWrongGradientTheUpdateIsJudgedFromIt) {
  Trace trace = trace_;
  for (double& gradient : trace.arrays.at("step/grad/dense_1/bias").values) gradient *= 1.01;
  EXPECT_THAT(different_parts(trace), ElementsAre("gradient", "update"));
}

// Two mistakes in two parts: each is named where it is.
TEST_P(Parts, OfTwoMistakesEachIsNamedInItsOwn) {
  Trace trace = trace_;
  const double before = trace.arrays.at("step/loss").values.at(0);
  for (double& loss : trace.arrays.at("step/loss").values) loss += 0.01 * before;
  trace.experiment.replace(trace.experiment.find(R"("nesterov":false)"), 16, R"("nesterov":true)");
  const Candidate candidate(trace, "trace");
  const Verdict verdict = judged(trace);
  const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::seconds(0), 1);
  ASSERT_EQ(diagnosis.parts.size(), 2U);
  EXPECT_EQ(diagnosis.parts[0].part, Part::forward);
  EXPECT_FALSE(diagnosis.parts[0].is_known());
  EXPECT_EQ(diagnosis.parts[1].part, Part::update);
  ASSERT_EQ(diagnosis.parts[1].explanations.size(), 1U);
  EXPECT_THAT(names_of(diagnosis.parts[1].explanations[0]), ElementsAre("nesterov_missing"));
  const std::string text = to_text(diagnosis);
  EXPECT_THAT(text, testing::HasSubstr("update:\n    nesterov_missing"));
  EXPECT_THAT(text, testing::HasSubstr("forward:\n    unknown"));
}

INSTANTIATE_TEST_SUITE_P(Each, Parts, testing::Values(DType::f32, DType::f64),
                         [](const auto& dtype) { return dtype.param == DType::f32 ? "float32" : "float64"; });

}  // namespace
}  // namespace touchstone
