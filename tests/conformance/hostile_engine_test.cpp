// Whatever an engine does, the suite reports it with its case and continues.

#include <gmock/gmock.h>

#include "engines.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

CaseResult judged(const std::string& command) {
  return run_example({"hostile", command}, case_named("sgd.constant"), 0);
}

std::string error_of(const std::string& command) {
  const CaseResult result = judged(command);
  EXPECT_EQ(result.outcome, CaseResult::Outcome::error) << command;
  return result.message;
}

TEST(HostileEngine, ThatFailsIsQuoted) {
  EXPECT_THAT(error_of("echo 'out of cheese' >&2; exit 3; : {case} {trace}"), HasSubstr("exit code 3: out of cheese"));
}

TEST(HostileEngine, ThatCrashesIsToldWithItsSignal) {
  EXPECT_THAT(error_of("kill -SEGV $$; : {case} {trace}"), HasSubstr("killed by signal 11"));
}

TEST(HostileEngine, ThatWritesNothingIsTold) { EXPECT_THAT(error_of("true {case} {trace}"), HasSubstr("no trace")); }

TEST(HostileEngine, ThatWritesGarbageIsTold) {
  EXPECT_THAT(error_of("head -c 1000 /dev/urandom > {trace}; : {case}"), HasSubstr("trace: "));
}

TEST(HostileEngine, ThatGivesTheCaseBackIsTold) {
  EXPECT_THAT(error_of("cp {case} {trace}"), HasSubstr("nothing was observed"));
}

TEST(HostileEngine, ThatCutsItsTraceOffIsTold) {
  EXPECT_THAT(error_of(std::string(TOUCHSTONE_EXAMPLE_ENGINE) +
                       " {case} {trace}.whole && head -c 3000 {trace}.whole > {trace}"),
              HasSubstr("trace: "));
}

TEST(HostileEngine, ThatChangesItsInputsIsTold) {
  // Another case's trace has other weights.
  const Trace given = trace_of(case_named("sgd.constant"), 0);
  const auto other = std::filesystem::path(testing::TempDir()) / "other_case.safetensors";
  write_trace(other, trace_of(case_named("sgd.constant"), 1));
  const std::string message =
      error_of(std::string(TOUCHSTONE_EXAMPLE_ENGINE) + " " + other.string() + " {trace}; : {case}");
  EXPECT_THAT(message, HasSubstr("changed data/train"));
}

TEST(HostileEngine, ThatHangsIsTold) {
  const EngineRun run = run_engine("echo thinking; sleep 1000; : {case} {trace}",
                                   {"case", "trace", std::filesystem::path(testing::TempDir()) / "hang.log"},
                                   std::chrono::milliseconds(500), [] { return false; });
  EXPECT_EQ(run.end, EngineRun::End::timed_out);
  EXPECT_EQ(run.message, "thinking");
}

}  // namespace
}  // namespace touchstone
