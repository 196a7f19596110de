// What a finding says: its sentence, its numbers with the interval that the trace leaves them, the formulas side by
// side, what it concerns, and how to declare it.

#include "diagnosis/report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "check/recorded.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

std::string run_with_epsilon(const char* epsilon) {
  return std::string(R"({"model": {"layers": [{"units": 8, "activation": "relu"},
                                              {"units": 3, "activation": "softmax"}]},
                         "optimizer": {"name": "RMSprop", "lr": 0.01, "epsilon": )") +
         epsilon + R"(}, "fit": {"epochs": 3, "batch_size": 32}})";
}

/// Of a run with epsilon 2e-5 that declares 1e-7.
struct OfEpsilon {
  OfEpsilon() : candidate(trace(), "the run") {
    report.source = "the run";
    report.candidate = &candidate;
    report.verdict = verify(candidate, spec_of(candidate.config), {}, 1);
    report.diagnosis = diagnose(candidate, report.verdict, std::chrono::seconds(0), 1);
  }
  static Trace trace() {
    Trace run = recorded(run_with_epsilon("2e-5"), DType::f64);
    run.experiment = run_with_epsilon("1e-7");
    return run;
  }

  Candidate candidate;
  Report report;
};

TEST(Report, HasTheFindingForPrograms) {
  const OfEpsilon of;
  const auto json = nlohmann::json::parse(to_json(of.report));
  EXPECT_EQ(json["formula"], "accumulator = 0.9*accumulator + 0.1*g^2; p = p - lr*g/(sqrt(accumulator) + 1e-07)");
  const auto& explanation = json["diagnosis"]["explanations"].at(0);
  EXPECT_EQ(explanation["formula"],
            "accumulator = 0.9*accumulator + 0.1*g^2; p = p - lr*g/(sqrt(accumulator) + 2e-05)");
  const auto& edit = explanation["edits"].at(0);
  EXPECT_EQ(edit["name"], "epsilon_mistaken");
  EXPECT_EQ(edit["sentence"], "epsilon is not the configured value");
  EXPECT_EQ(edit["declaration"], "optimizer.epsilon: 2e-05");
  const auto& number = edit["numbers"].at(0);
  EXPECT_EQ(number["value"], 2e-5);
  EXPECT_LT(number["interval"].at(0), 2e-5);
  EXPECT_GT(number["interval"].at(0), 1.9e-5);
  EXPECT_GT(number["interval"].at(1), 2e-5);
  EXPECT_LT(number["interval"].at(1), 2.1e-5);
  const auto& fact = json["diagnosis"]["facts"].at(0);
  EXPECT_EQ(fact["part"], "update");
  EXPECT_THAT(fact["sentence"], HasSubstr("the step of every tensor differs by up to "));
}

TEST(Report, ShowsTheFormulasSideBySide) {
  const OfEpsilon of;
  EXPECT_THAT(
      to_text(*of.report.diagnosis),
      HasSubstr("  epsilon_mistaken (epsilon 2e-05 instead of 1e-07): epsilon is not the configured value\n"
                "    If that is intended, declare optimizer.epsilon: 2e-05\n"
                "  concerns   the step of every tensor, in every update\n"
                "  declared   accumulator = 0.9*accumulator + 0.1*g^2; p = p - lr*g/(sqrt(accumulator) + 1e-07)\n"
                "  computes   accumulator = 0.9*accumulator + 0.1*g^2; p = p - lr*g/(sqrt(accumulator) + 2e-05)\n"
                "                                                                                        ~~~~~\n"));
}

}  // namespace
}  // namespace touchstone
