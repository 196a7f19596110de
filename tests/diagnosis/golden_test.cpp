// Keras 2.3.1 itself is the engine: each of its traces must agree, with room to spare; and where a trace hides that
// its loss was taken from clipped probabilities, just that must be found.

#include <gmock/gmock.h>

#include <boost/algorithm/string/replace.hpp>
#include <filesystem>

#include "diagnosis/diagnose.h"
#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

const fs::path golden = TOUCHSTONE_SOURCE_DIR "/tests/golden";

std::vector<std::string> traces_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".safetensors") names.push_back(fs::relative(entry.path(), golden).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> all_traces() {
  std::vector<std::string> names = traces_in(golden);
  const std::vector<std::string> clipped = traces_in(golden / "clipped");
  names.insert(names.end(), clipped.begin(), clipped.end());
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(0, info.param.size() - std::string(".safetensors").size());
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

Verdict verdict_on(const Candidate& candidate) { return verify(candidate, spec_of(candidate.config), {}, 2); }

class Keras : public testing::TestWithParam<std::string> {};

TEST_P(Keras, AgreesWithinHalfTheBound) {
  const Candidate candidate(read_trace(golden / GetParam()), GetParam());
  const Verdict verdict = verdict_on(candidate);
  EXPECT_TRUE(verdict.agrees()) << to_text({GetParam(), &candidate, verdict, {}}, {false, true});
  ASSERT_FALSE(verdict.scores.empty());
  for (const SeriesScore& score : verdict.scores) {
    EXPECT_GT(score.compared, 0);
    EXPECT_LE(score.worst.ratio, 0.5) << describe(score.worst, candidate.trace);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Keras, testing::ValuesIn(all_traces()), test_name);

/// Clipping leaves a trace only where some probability is below 1e-7 or above 1 - 1e-7. In the other runs (the least
/// probability of a row's class is 7e-5, the largest 1 - 1.5e-7) it does nothing: Keras's clipped and unclipped runs of
/// Adam there differ by 4e-16. No check can tell those apart, and none should.
std::vector<std::string> clipped_traces(bool clipping_acts) {
  std::vector<std::string> names;
  for (const std::string& name : traces_in(golden / "clipped")) {
    const bool acts = name.find("sgd_") != std::string::npos || name.find("rmsprop_") != std::string::npos;
    if (acts == clipping_acts) names.push_back(name);
  }
  return names;
}

/// The trace, without the declaration that its loss is taken from clipped probabilities.
Trace undeclared(const std::string& name) {
  Trace trace = read_trace(golden / name);
  EXPECT_NE(trace.experiment.find("\"probabilities\""), std::string::npos);
  boost::replace_all(trace.experiment, "\"probabilities\"", "\"logits\"");
  return trace;
}

class UndeclaredClipping : public testing::TestWithParam<std::string> {};

TEST_P(UndeclaredClipping, IsNamed) {
  const Candidate candidate(undeclared(GetParam()), GetParam());
  const Verdict verdict = verdict_on(candidate);
  ASSERT_FALSE(verdict.agrees());
  const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::seconds(1), 2);
  ASSERT_EQ(diagnosis.explanations.size(), 1U) << to_text(diagnosis);
  EXPECT_THAT(names_of(diagnosis.explanations[0]), testing::ElementsAre("probabilities_clipped"));
}

INSTANTIATE_TEST_SUITE_P(WhereItActs, UndeclaredClipping, testing::ValuesIn(clipped_traces(true)), test_name);

class IdleClipping : public testing::TestWithParam<std::string> {};

TEST_P(IdleClipping, IsNoDivergence) {
  const Candidate candidate(undeclared(GetParam()), GetParam());
  EXPECT_TRUE(verdict_on(candidate).agrees());
}

INSTANTIATE_TEST_SUITE_P(WhereItDoesNot, IdleClipping, testing::ValuesIn(clipped_traces(false)), test_name);

}  // namespace
}  // namespace touchstone
