// A process that is killed at any time leaves results from which the next one goes on as if nothing had happened.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <csignal>
#include <optional>

#include "program.h"
#include "results/result_lock.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

constexpr const char* experiment = R"(kind: training
title: Small
data: {make_blobs: {n_samples: 20, centers: 3, n_features: 2, cluster_std: 2.0, random_state: 2}, n_train: 10}
model:
  loss: categorical_crossentropy
  layers: [{units: 4, activation: relu}, {units: 3, activation: softmax}]
optimizer: {name: SGD, lr: 0.01}
fit: {epochs: 2, batch_size: 5}
arms: [{label: slow, optimizer.lr: 0.01}, {label: fast, optimizer.lr: 0.1}]
)";

/// Runs `touchstone ARGUMENTS`, killed before its N-th call; whether it was.
bool is_killed(const Workplace& workplace, const std::string& arguments, int call) {
  const Outcome outcome = workplace.run(arguments, fmt::format("TOUCHSTONE_KILL_AT={}", call));
  EXPECT_THAT(outcome.exit_code, testing::AnyOf(0, 128 + SIGKILL)) << outcome.err;
  return outcome.exit_code != 0;
}

/// Kills `first` before each of its calls; after each, `second` must end as if it had never been.
int expect_undisturbed(const Workplace& workplace, const std::string& first, const std::string& second,
                       const std::string& folder, const std::map<std::string, std::string>& expected) {
  int call = 1;
  while (is_killed(workplace, first, call)) {
    const Outcome outcome = workplace.run(second);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(workplace.contents_of(folder), expected) << "killed before call " << call;
    if (testing::Test::HasFailure()) break;
    ++call;
  }
  return call - 1;
}

constexpr int fewest_calls = 20;  // four for each file that is written

TEST(KilledAtEachCall, AStudyIsResumed) {
  const Workplace workplace;
  workplace.write("small.yaml", experiment);
  const std::string study = "study small.yaml --engine fused --jobs 1 --format none --quiet --seeds ";
  ASSERT_EQ(workplace.run(study + "3 --results whole").exit_code, 0);
  const auto whole = workplace.contents_of("whole");
  const auto resumed = study + "3 --results killed --resume";

  // Into an empty folder, and over a study of other seeds, whose files go first.
  int call = 1;
  for (const bool has_earlier : {false, true}) {
    for (call = 1;; ++call) {
      if (has_earlier) {
        ASSERT_EQ(workplace.run(study + "2 --first-seed 7 --results killed --fresh").exit_code, 0);
      } else {
        std::filesystem::remove_all(workplace.folder() / "killed");
      }
      if (!is_killed(workplace, study + "3 --results killed --fresh", call)) break;
      const Outcome outcome = workplace.run(resumed);
      ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
      auto contents = workplace.contents_of("killed");
      for (const int arm : {0, 1}) contents.erase(fmt::format("small/study/arm_{:02}_seed_7.safetensors", arm));
      ASSERT_EQ(contents, whole) << "killed before call " << call;
    }
    EXPECT_GT(call, fewest_calls);
  }
}

TEST(KilledAtEachCall, ShardsAreMerged) {
  const Workplace workplace;
  workplace.write("small.yaml", experiment);
  const std::string study = "study small.yaml --engine fused --jobs 1 --format none --quiet --seeds 3";
  ASSERT_EQ(workplace.run(study + " --results whole").exit_code, 0);
  for (const int shard : {1, 2}) {
    ASSERT_EQ(workplace.run(fmt::format("{} --results shard_{} --shard {}/2", study, shard, shard)).exit_code, 0);
  }
  const std::string merge = "merge shard_1 shard_2 --results merged --format none --quiet";
  const int calls = expect_undisturbed(workplace, merge, merge, "merged", workplace.contents_of("whole"));
  EXPECT_GT(calls, fewest_calls);
}

TEST(KilledAtEachCall, ARunIsRepeated) {
  const Workplace workplace;
  workplace.write("small.yaml", experiment);
  const std::string run = "run small.yaml --jobs 1 --quiet --format svg";
  ASSERT_EQ(workplace.run(run).exit_code, 0);
  const auto files = workplace.files_in("results");
  const auto figures = workplace.files_in("plots");
  int call = 1;
  for (; is_killed(workplace, run, call); ++call) {
    const Outcome outcome = workplace.run(run);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    ASSERT_EQ(workplace.files_in("results"), files) << "killed before call " << call;
    ASSERT_EQ(workplace.files_in("plots"), figures) << "killed before call " << call;
  }
  EXPECT_GT(call, fewest_calls);
}

TEST(KilledAtEachCall, ATraceIsRecordedAgain) {
  const Workplace workplace;
  workplace.write("small.yaml", experiment);
  const std::string trace = "trace small.yaml -o traces/t.safetensors";
  ASSERT_EQ(workplace.run(trace).exit_code, 0);
  const auto whole = workplace.contents_of("traces");
  std::filesystem::remove_all(workplace.folder() / "traces");
  EXPECT_GT(expect_undisturbed(workplace, trace, trace, "traces", whole), 3);
}

// Otherwise the folder would hold arms of both, and the manifest of one.
TEST(ResultsOfOneFolder, AreWrittenByOneProcessAtATime) {
  const Workplace workplace;
  workplace.write("small.yaml", experiment);
  const std::string others = " small.yaml --format none --quiet";
  for (const std::string command : {"run", "study --seeds 2", "study --seeds 2 --shard 1/2"}) {
    std::optional<ResultLock> lock(std::in_place, workplace.folder() / "results/small");
    const Outcome refused = workplace.run(command + others);
    EXPECT_EQ(refused.exit_code, 3) << command;
    EXPECT_THAT(refused.err, HasSubstr("results/small: another touchstone process is writing there"));
    EXPECT_THAT(workplace.files_in("results"), testing::IsEmpty());
    lock.reset();
    EXPECT_EQ(workplace.run(command + others).exit_code, 0);
    std::filesystem::remove_all(workplace.folder() / "results");
  }
}

}  // namespace
}  // namespace touchstone
