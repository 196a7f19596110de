// Traces on which a verdict or a diagnosis was wrong once: faults/README.md says what each is.
#include <gmock/gmock.h>

#include "check/not_judged.h"
#include "diagnosis/diagnose.h"
#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

const std::string faults_folder = TOUCHSTONE_SOURCE_DIR "/tests/diagnosis/faults/";

Report report_on(const Candidate& candidate, const std::string& name) {
  Report report{name, &candidate, verify(candidate, spec_of(candidate.config), {}, 2), std::nullopt};
  if (report.verdict.first) report.diagnosis = diagnose(candidate, report.verdict, std::chrono::seconds(1), 2);
  return report;
}

Candidate read(const std::string& name) { return {read_trace(faults_folder + name + ".safetensors"), name}; }

class CorrectTraces : public testing::TestWithParam<const char*> {};

TEST_P(CorrectTraces, Agree) {
  const Candidate candidate = read(GetParam());
  const Report report = report_on(candidate, GetParam());
  EXPECT_TRUE(report.verdict.agrees()) << to_text(report, {});
}

INSTANTIATE_TEST_SUITE_P(All, CorrectTraces,
                         testing::Values("correct_tanh", "correct_sigmoid", "correct_sum_of_5000_rows",
                                         "dl4j.adam.tanh.f64.private_seed_203"));

/// What deviates, and the only name that may be given for it; none where nothing that is known explains it.
struct Deviating {
  const char* name;
  const char* place;  ///< of the first deviation
  const char* finding = "";
};

class DeviatingTraces : public testing::TestWithParam<Deviating> {};

TEST_P(DeviatingTraces, AreCaughtAndNeverExplainedWrongly) {
  const Candidate candidate = read(GetParam().name);
  const Report report = report_on(candidate, GetParam().name);
  ASSERT_TRUE(report.verdict.first) << to_text(report, {});
  EXPECT_THAT(describe(*report.verdict.first, candidate.trace), testing::HasSubstr(GetParam().place));
  std::vector<std::string> names;
  const auto add = [&](const std::vector<Hypothesis>& explanations) {
    for (const Hypothesis& explanation : explanations) {
      for (const Edit& edit : explanation.edits) names.push_back(edit.name);
    }
  };
  add(report.diagnosis->explanations);
  add(report.diagnosis->conventions);
  for (const PartDiagnosis& part : report.diagnosis->parts) {
    add(part.explanations);
    add(part.conventions);
  }
  EXPECT_THAT(names, testing::Each(GetParam().finding)) << to_text(report, {});
  EXPECT_EQ(names.empty(), std::string(GetParam().finding).empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, DeviatingTraces,
    testing::Values(Deviating{"gradients_alone_wrong", "step/grad/"}, Deviating{"sparse_steps_wrong", "epoch/param/"},
                    Deviating{"plateau_never_drops", "update 6, step/lr", "callbacks_ignored"},
                    Deviating{"cooldown_ignored_at_a_corner", "epoch 5, epoch/lr", "plateau_cooldown_ignored"},
                    Deviating{"final_state_garbage", "the end, final/slot/v/"},
                    Deviating{"final_state_nan", "the end, final/slot/m/"},
                    Deviating{"burn.rmsprop.batch_5.f32.run_private_momentum", "update 1, step/param/"},
                    Deviating{"dfdx.rmsprop.decay.f32.no_grad", "update 0, step/param/"},
                    Deviating{"dfdx.rmsprop.tanh.f64.as_paper.sparse", "update 0, step/param/"},
                    Deviating{"dl4j.sgd_nesterov.constant.f64.weight_decay.loss_only", "update 0, step/loss"},
                    Deviating{"control_any_gradient.adam.constant.f32", "step/grad/"},
                    Deviating{"control_any_metrics.adam.probabilities.f32", "epoch/loss"},
                    Deviating{"control_any_rate.cosine_warm.f64", "step/lr"}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

TEST(Faults, AFileThatAsksForHoursIsRefused) {
  for (const char* name : {"ten_million_epochs", "one_update_of_ten_million_epochs"}) {
    try {
      read(name);
      ADD_FAILURE() << name;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("found 10000000 epochs of 20 rows"));
    }
  }
}

TEST(Faults, WhatWasNotJudgedIsNamed) {
  const Candidate candidate = read("gradients_given");
  const Report report = report_on(candidate, "gradients_given");
  const std::string text = to_text(report, {});
  EXPECT_THAT(text, testing::StartsWith("agrees (not judged: forward, metrics)"));
  EXPECT_THAT(text, testing::HasSubstr("gradients were given: only the update was judged"));
  EXPECT_THAT(not_judged(candidate, report.verdict.judged),
              testing::ElementsAre("epoch/accuracy", "epoch/loss", "step/loss"));
}

// A newline and escapes in an engine's name painted a second verdict over the first.
TEST(Faults, AnEngineCannotPaintAVerdict) {
  const Candidate candidate = read("engine_that_paints");
  const std::string text = to_text(report_on(candidate, "engine_that_paints"), {});
  EXPECT_THAT(text, testing::StartsWith("diverges: "));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\x1b")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("\nagrees")));
}

// The right hypothesis explains the whole trace, however rarely the samples of its noise meet the relu's other side.
TEST(Faults, AHypothesisIsNotGivenUpForACorner) {
  const Candidate candidate = read("cooldown_ignored_at_a_corner");
  const Report report = report_on(candidate, "cooldown_ignored_at_a_corner");
  ASSERT_EQ(report.diagnosis->explanations.size(), 1U) << to_text(report, {});
  EXPECT_THAT(names_of(report.diagnosis->explanations[0]), testing::ElementsAre("plateau_cooldown_ignored"));
}

}  // namespace
}  // namespace touchstone
