// Engines that start once: whatever one does, the suite reports it with its case, and asks for the next case all the
// same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "conformance/serve_engine.h"
#include "engines.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ServedEngine : public testing::Test {
 protected:
  ServedEngine() { fs::create_directories(folder_); }
  ~ServedEngine() override { fs::remove_all(folder_); }

  RunEngine serving(const std::string& command, std::chrono::duration<double> limit = std::chrono::seconds(100)) {
    return served_engine(command, folder_, limit, [] { return false; });
  }

  CaseResult result_of(const RunEngine& engine, const std::string& name) {
    const Trace given = trace_of(case_named(name), 0);
    const CaseFiles files{folder_ / (name + ".case"), folder_ / (name + ".trace"), folder_ / (name + ".log")};
    fs::remove(files.written);
    write_trace(files.given, given);
    return judge(given, engine(files), files.written);
  }

  /// What is said of two cases in a row.
  void expect_errors(const std::string& command, const std::string& first, const std::string& second) {
    const RunEngine engine = serving(command, std::chrono::milliseconds(500));
    const CaseResult one = result_of(engine, "update.sgd.constant");
    EXPECT_EQ(one.outcome, CaseResult::Outcome::error);
    EXPECT_THAT(one.message, HasSubstr(first));
    const CaseResult two = result_of(engine, "update.sgd.decay");
    EXPECT_EQ(two.outcome, CaseResult::Outcome::error);
    EXPECT_THAT(two.message, HasSubstr(second));
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_served_" + std::to_string(getpid()));
};

TEST_F(ServedEngine, ThatIsHonestPasses) {
  const RunEngine engine = serving(numpy_engine("--serve").command);
  for (const char* name : {"update.adam.decay", "sgd_momentum.plateau", "update.adagrad.keras3"}) {
    EXPECT_EQ(result_of(engine, name).outcome, CaseResult::Outcome::passed) << name;
  }
}

// The adapters of thirty lines that the README for engines' authors shows.
TEST_F(ServedEngine, MayBeAnAdapterOfThirtyLines) {
  for (const std::string& command :
       {std::string(TOUCHSTONE_MOMENTUM_ADAPTER) + " --serve",
        std::string(TOUCHSTONE_PYTHON) + " " + TOUCHSTONE_SOURCE_DIR + "/tests/engines/python/momentum.py --serve"}) {
    const RunEngine engine = serving(command);
    for (const char* name : {"update.sgd.constant", "update.sgd_momentum.decay", "update.sgd_momentum.torch"}) {
      const CaseResult result = result_of(engine, name);
      EXPECT_EQ(result.outcome, CaseResult::Outcome::passed) << command << ", " << name << ": " << result.message;
    }
    for (const char* name : {"update.adam.constant", "adam.constant"}) {
      EXPECT_EQ(result_of(engine, name).outcome, CaseResult::Outcome::skipped) << command << ", " << name;
    }
  }
}

TEST_F(ServedEngine, StartsOnceForEachCaseAtATime) {
  const fs::path starts = folder_ / "starts";
  const RunEngine engine = serving("echo . >> " + starts.string() + "; while read a b; do echo unsupported: it; done");
  for (int i = 0; i < 5; ++i) {
    const EngineRun run = engine({"case", "trace", "log"});
    EXPECT_EQ(run.end, EngineRun::End::unsupported);
    EXPECT_EQ(run.message, "it");
  }
  EXPECT_EQ(fs::file_size(starts), 2U);
}

TEST_F(ServedEngine, AnswersSeveralCasesAtATime) {
  const RunEngine engine = serving("while read a b; do echo \"error: $a\"; done");
  std::atomic<int> right = 0;
  parallel_for(64, 8, [&](std::size_t i) {
    const std::string name = "case" + std::to_string(i);
    if (engine({name, "trace", "log"}).message == name) ++right;
  });
  EXPECT_EQ(right, 64);
}

TEST_F(ServedEngine, ThatSaysWhatIsWrongIsQuoted) {
  expect_errors("while read a b; do echo 'error: out of cheese'; done", "out of cheese", "out of cheese");
}

TEST_F(ServedEngine, ThatCrashesIsToldEachTime) {
  expect_errors("read a b; echo oh >&2; kill -SEGV $$", "killed by signal 11: oh", "killed by signal 11");
}

TEST_F(ServedEngine, ThatEndsIsTold) {
  expect_errors("exit 3", "exit code 3", "exit code 3");
  expect_errors("read a b; exit 0", "it answered nothing", "it answered nothing");
}

TEST_F(ServedEngine, ThatHangsIsTold) {
  expect_errors("read a b; echo thinking >&2; sleep 1000", "no answer in time: thinking", "no answer in time");
}

TEST_F(ServedEngine, ThatSaysSomethingElseIsTold) {
  expect_errors("while read a b; do echo loading; echo ok; done", "answered \"loading\"", "answered \"loading\"");
}

TEST_F(ServedEngine, ThatLiesIsTold) {
  expect_errors("while read a b; do echo ok; done", "no trace", "no trace");
  expect_errors("while read a b; do head -c 2000 $a > $b; echo ok; done", "truncated", "truncated");
  // Another case's trace: the second is given the first's.
  expect_errors("while read a b; do cp -n $a " + (folder_ / "first").string() + "; cp " + (folder_ / "first").string() +
                    " $b; echo ok; done",
                "missing", "changed");
}

TEST_F(ServedEngine, IsLeftWhenSomeoneInterrupts) {
  const RunEngine engine =
      served_engine("read a b; sleep 1000", folder_, std::chrono::seconds(100), [] { return true; });
  EXPECT_THROW(engine({"case", "trace", "log"}), Interrupted);
}

}  // namespace
}  // namespace touchstone
