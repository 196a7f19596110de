// Studies by the program: what they give equals what `run` gives, whatever happens in between.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <boost/algorithm/string/replace.hpp>
#include <cmath>

#include "program.h"
#include "results/study_files.h"
#include "study/block.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string silently = " --format none --quiet";

/// All optimizers, a plateau schedule, and one that makes some seeds diverge.
const std::string every_kind = R"(kind: training
title: Every kind
extends: cell_02_fit_model.yaml
fit: {epochs: 6, batch_size: 64}
arms:
  - {label: SGD, optimizer: {name: SGD, lr: 0.01, momentum: 0.9, decay: 0.01}}
  - {label: near the edge, optimizer: {name: SGD, lr: NEAR, momentum: 0.9}, fit.batch_size: 500}
  - {label: over the edge, optimizer: {name: SGD, lr: OVER, momentum: 0.9}, fit.batch_size: 500}
  - {label: RMSprop, optimizer: {name: RMSprop}}
  - {label: Adagrad, optimizer: {name: Adagrad}}
  - {label: Adadelta, optimizer: {name: Adadelta}}
  - {label: Adam, optimizer: {name: Adam, amsgrad: true}}
  - {label: Adamax, optimizer: {name: Adamax}}
  - {label: plateau, callbacks: [{name: ReduceLROnPlateau, patience: 1, factor: 0.5}]}
)";

/// Rates with which the loss of some seeds outgrows the run's precision, but not of all.
struct Edge {
  const char* near;
  const char* over;
};
constexpr Edge float32_edge = {"1130.0", "1380.0"};
constexpr Edge float64_edge = {"3.0e25", "3.1e25"};

void write_experiment(const Workplace& workplace, const Edge& edge = float32_edge) {
  std::string text = boost::replace_all_copy(every_kind, "NEAR", edge.near);
  boost::replace_all(text, "OVER", edge.over);
  workplace.write("own/every_kind.yaml", text);
  workplace.write("own/cell_02_fit_model.yaml", R"(kind: definition
title: Base
data: {make_blobs: {n_samples: 1000, centers: 3, n_features: 2, cluster_std: 2.0, random_state: 2}, n_train: 500}
model:
  loss: categorical_crossentropy
  layers: [{units: 20, activation: relu, kernel_initializer: he_uniform}, {units: 3, activation: softmax}]
optimizer: {name: SGD, lr: 0.01}
)");
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void expect_equal(const History& a, const History& b, const std::string& what) {
  ASSERT_EQ(a.epochs.size(), b.epochs.size()) << what;
  EXPECT_EQ(a.diverged, b.diverged) << what;
  for (std::size_t e = 0; e < a.epochs.size(); ++e) {
    for (const std::string& name : metric_names()) {
      EXPECT_TRUE(same(metric(a.epochs[e], name), metric(b.epochs[e], name)))
          << what << ", epoch " << e + 1 << ", " << name << ": " << metric(a.epochs[e], name) << " and "
          << metric(b.epochs[e], name);
    }
  }
}

/// The histories that a study kept of an arm.
std::vector<History> kept_histories(const Workplace& workplace, std::size_t arm) {
  std::vector<History> histories;
  std::map<std::uint64_t, History> by_seed;
  const std::string beginning = (arm < 10 ? "arm_0" : "arm_") + std::to_string(arm) + "_";
  for (const std::string& name : workplace.files_in("results/every_kind/study")) {
    if (name.rfind(beginning, 0) != 0) continue;
    const Block block = read_block(workplace.folder() / "results/every_kind/study" / name);
    for (std::size_t i = 0; i < block.histories.size(); ++i) by_seed[block.seeds.first + i] = block.histories[i];
  }
  for (const auto& [seed, history] : by_seed) histories.push_back(history);
  return histories;
}

class StudyOf : public testing::TestWithParam<std::string> {};

TEST_P(StudyOf, EqualsRunsWithItsSeeds) {
  const Workplace workplace;
  const bool is_double = GetParam().find("float64") != std::string::npos;
  write_experiment(workplace, is_double ? float64_edge : float32_edge);
  constexpr int seeds = 6;
  const Outcome study = workplace.run("study own/every_kind.yaml --first-seed 3 --seeds 6" + GetParam() + silently);
  ASSERT_EQ(study.exit_code, 0) << study.err;
  int diverged = 0;
  for (int s = 0; s < seeds; ++s) {
    const std::string seed = std::to_string(3 + s);
    const Outcome run =
        workplace.run(fmt::format("run own/every_kind.yaml --results runs --seed {}{}{}", seed, GetParam(), silently));
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const ExperimentResult result = read_result(workplace.folder() / "runs/every_kind");
    for (std::size_t arm = 0; arm < result.arms.size(); ++arm) {
      const std::vector<History> kept = kept_histories(workplace, arm);
      ASSERT_EQ(kept.size(), 6U);
      expect_equal(kept[static_cast<std::size_t>(s)], result.arms[arm].history,
                   result.arms[arm].label + ", seed " + seed);
      diverged += result.arms[arm].history.diverged ? 1 : 0;
    }
  }
  EXPECT_GT(diverged, 0);
  EXPECT_LT(diverged, 2 * seeds);  // of two arms
}

INSTANTIATE_TEST_SUITE_P(Engines, StudyOf,
                         testing::Values(" --engine fused", " --engine fused --dtype float64", " --engine autograd",
                                         " --engine autograd --dtype float64"),
                         [](const auto& test) {
                           std::string name;
                           for (const char c : test.param)
                             name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           return name;
                         });

const std::string seventy_seeds = "study own/every_kind.yaml --seeds 70 --engine fused" + silently;

TEST(Study, DoesNotDependOnJobsOrShares) {
  const Workplace workplace;
  write_experiment(workplace);
  ASSERT_EQ(workplace.run(seventy_seeds + " --jobs 1").exit_code, 0);
  const auto whole = workplace.contents_of("results");
  ASSERT_EQ(workplace.run(seventy_seeds + " --jobs 3 --results others").exit_code, 0);
  EXPECT_EQ(workplace.contents_of("others"), whole);

  for (const char* shard : {"2", "3", "1"}) {  // in any order
    const Outcome outcome = workplace.run(seventy_seeds + " --shard " + shard + "/3 --results shard_" + shard);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  EXPECT_THAT(workplace.files_in("shard_2/every_kind"), testing::Not(testing::Contains("study.csv")));
  const Outcome merged = workplace.run("merge shard_3 shard_1 shard_2 --results merged" + silently);
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(workplace.contents_of("merged"), whole);

  // Shares that wrote into one folder are joined there.
  for (const char* shard : {"1/2", "2/2"}) {
    ASSERT_EQ(workplace.run(seventy_seeds + " --results together --shard " + shard).exit_code, 0);
  }
  const Outcome in_place = workplace.run("merge together --results together" + silently);
  ASSERT_EQ(in_place.exit_code, 0) << in_place.err;
  EXPECT_EQ(workplace.contents_of("together"), whole);
}

TEST(Study, RedoesNothingThatWasKept) {
  const Workplace workplace;
  write_experiment(workplace);
  const std::string loud = "study own/every_kind.yaml --engine fused --format none";
  ASSERT_EQ(workplace.run(loud + " --seeds 3").exit_code, 0);
  EXPECT_THAT(workplace.run(loud + " --seeds 3 --resume").err, HasSubstr(": 0 runs in "));
  EXPECT_THAT(workplace.run(loud + " --seeds 3 --resume").err, HasSubstr(", 27 already stored"));
  // With more seeds it goes on too, and equals the study of all.
  EXPECT_THAT(workplace.run(loud + " --seeds 5 --resume").err, HasSubstr(": 18 runs in "));
  ASSERT_EQ(workplace.run(loud + " --seeds 5 --results anew").exit_code, 0);
  EXPECT_EQ(workplace.contents_of("results"), workplace.contents_of("anew"));
  // With --fresh it begins anew.
  EXPECT_THAT(workplace.run(loud + " --seeds 2 --fresh").err, HasSubstr(": 18 runs in "));
  EXPECT_THAT(workplace.read("results/every_kind/study.csv"), testing::Not(HasSubstr("SGD,2,")));
}

// Without --resume it trains the same seeds again; what is stored stays until each block is replaced.
TEST(Study, LosesNothingWhenItIsRepeatedAndInterrupted) {
  const Workplace workplace;
  write_experiment(workplace);
  ASSERT_EQ(workplace.run_by_shell("", seventy_seeds).exit_code, 0);
  const auto before = workplace.contents_of("results/every_kind/study");
  const Outcome full = workplace.run_by_shell(R"(sh -c 'ulimit -f 1; trap "" XFSZ; exec "$@"' sh)", seventy_seeds);
  EXPECT_EQ(full.exit_code, 3) << full.err;
  const auto after = workplace.contents_of("results/every_kind/study");
  for (const auto& [file, contents] : before) {
    if (file == "manifest.json") continue;
    EXPECT_TRUE(after.count(file) == 1 && after.at(file) == contents) << file;
  }
  const Outcome fewer = workplace.run("study own/every_kind.yaml --seeds 3" + silently);
  EXPECT_EQ(fewer.exit_code, 2);
  EXPECT_THAT(fewer.err, HasSubstr("add --resume to continue that study, --fresh to delete it, or choose another "
                                   "--results"));
}

TEST(Study, LeavesNoBlockThatWasCutOtherwise) {
  const Workplace workplace;
  write_experiment(workplace);
  ASSERT_EQ(workplace.run("study own/every_kind.yaml --first-seed 10 --seeds 60" + silently).exit_code, 0);
  ASSERT_EQ(workplace.run(seventy_seeds).exit_code, 0);
  ASSERT_EQ(workplace.run(seventy_seeds + " --results anew").exit_code, 0);
  EXPECT_EQ(workplace.contents_of("results"), workplace.contents_of("anew"));
}

TEST(Study, KeepsWhatHadEndedWhenTheDiskIsFull) {
  const Workplace workplace;
  write_experiment(workplace);
  const Outcome full = workplace.run_by_shell(R"(sh -c 'ulimit -f 6; trap "" XFSZ; exec "$@"' sh)", seventy_seeds);
  EXPECT_EQ(full.exit_code, 3) << full.err;
  EXPECT_THAT(full.err, HasSubstr("cannot be written: File too large"));
  for (const std::string& file : workplace.files_in("results"))
    EXPECT_THAT(file, testing::Not(HasSubstr(".touchstone-")));
  ASSERT_EQ(workplace.run(seventy_seeds + " --resume").exit_code, 0);
  ASSERT_EQ(workplace.run(seventy_seeds + " --results anew").exit_code, 0);
  EXPECT_EQ(workplace.contents_of("results"), workplace.contents_of("anew"));
}

TEST(Study, TellsWhatItFound) {
  const Workplace workplace;
  write_experiment(workplace);
  const Outcome outcome = workplace.run("study own/every_kind.yaml --first-seed 3 --seeds 6 --engine fused");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("every_kind: Every kind; seeds 3 to 8"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("\n  0  SGD +0\\.[0-9]{4} +0\\.[0-9]{4} +0\\.[0-9]{4} to 0"));
  EXPECT_THAT(workplace.read("results/every_kind/study.csv"),
              testing::StartsWith("arm,label,seed,loss,accuracy,val_loss,val_accuracy,updates,status,"));
  EXPECT_THAT(workplace.read("results/every_kind/study.csv"), HasSubstr("\n0,SGD,3,"));
  EXPECT_THAT(workplace.read("results/every_kind/study.csv"), HasSubstr(",diverged,"));
  EXPECT_THAT(workplace.read("results/every_kind/bands.csv"),
              testing::StartsWith("arm,label,epoch,series,mean,p05,p50,p95\n0,SGD,1,loss,"));
}

// An experiment of one's own, from a CSV file; of one seed, the bands are the run.
TEST(Study, OfOneSeedIsItsRun) {
  const Workplace workplace;
  write_experiment(workplace);
  const Outcome of_one = workplace.run("study own/every_kind.yaml --first-seed 4 --seeds 1 --format none");
  ASSERT_EQ(of_one.exit_code, 0) << of_one.err;
  EXPECT_THAT(of_one.out, testing::ContainsRegex("\n  0  SGD +0\\.[0-9]{4} +- +- +0\\.[0-9]{4} +- +- "));
  ASSERT_EQ(workplace.run("run own/every_kind.yaml --seed 4 --engine fused" + silently).exit_code, 0);
  const ExperimentResult run = read_result(workplace.folder() / "results/every_kind");
  const ExperimentResult study = read_study(workplace.folder() / "results/every_kind");
  for (std::size_t arm = 0; arm < run.arms.size(); ++arm) {
    if (run.arms[arm].history.diverged) continue;  // bands are of what is finite
    History median = study.arms[arm].history;
    expect_equal(median, run.arms[arm].history, run.arms[arm].label);
    median.epochs = study.arms[arm].bands->p95;
    expect_equal(median, run.arms[arm].history, run.arms[arm].label);
  }
}

class Shares : public testing::Test {
 protected:
  void SetUp() override {
    write_experiment(workplace_);
    for (const char* shard : {"1", "2"}) train(shard, "");
  }
  void train(const std::string& shard, const std::string& more) const {
    const Outcome outcome =
        workplace_.run("study own/every_kind.yaml --seeds 4 --engine fused --set fit.epochs=2 --shard " + shard +
                       "/2 --results shard_" + shard + more + silently);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  void expect_refused(const std::string& shards, const std::string& why) const {
    const Outcome outcome = workplace_.run("merge " + shards + " --results merged" + silently);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(why));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_THAT(workplace_.files_in("merged"), IsEmpty());
  }

  const Workplace workplace_;
};

TEST_F(Shares, WithAGapAreRefused) {
  expect_refused("shard_1", "every_kind, arm 0 (SGD): 2 of 4 seeds are missing from the shards, the first of them 2");
  fs::remove(workplace_.folder() / "shard_2/every_kind/study/arm_03_seed_2.safetensors");
  expect_refused("shard_1 shard_2", "every_kind, arm 3 (RMSprop): 2 of 4 seeds are missing from the shards");
}

TEST_F(Shares, ThatOverlapAreRefused) {
  fs::copy(workplace_.folder() / "shard_2", workplace_.folder() / "copy", fs::copy_options::recursive);
  expect_refused("shard_1 shard_2 copy", "arm 0 (SGD): seeds 2 to 3 are in ");
  expect_refused("shard_1 shard_2 shard_1", "shard_1/every_kind: is given twice");
}

TEST_F(Shares, OfDifferentStudiesAreRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {" --dtype float64", "dtype: found 'float64', expected 'float32'"},
      {" --engine autograd", "engine: found 'autograd', expected 'fused'"},
      {" --first-seed 1", "first seed: found '1', expected '0'"},
      {" --set model.layers='[{units: 3, activation: softmax}]'", "configuration model.layers.0"}};
  for (const auto& [option, why] : cases) {
    fs::remove_all(workplace_.folder() / "shard_2");
    const std::string engine = option.find("--engine") == std::string::npos ? " --engine fused" : "";
    const Outcome outcome = workplace_.run(
        fmt::format("study own/every_kind.yaml --seeds 4 --set fit.epochs=2 --shard 2/2 --results shard_2{}{}{}",
                    engine, option, silently));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    expect_refused("shard_1 shard_2", why);
  }
}

TEST_F(Shares, ThatAreDamagedAreRefused) {
  std::string block = workplace_.read("shard_2/every_kind/study/arm_03_seed_2.safetensors");
  block.back() = static_cast<char>(block.back() ^ 1);
  workplace_.write("shard_2/every_kind/study/arm_03_seed_2.safetensors", block);
  expect_refused("shard_1 shard_2", "arm_03_seed_2.safetensors: is damaged");
  workplace_.write("shard_2/every_kind/study/manifest.json", "{\"experiment\": 3}");
  expect_refused("shard_1 shard_2", "manifest.json");
}

TEST(Study, TellsBadInput) {
  const Workplace workplace;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"study cell_03 --seeds 0", "--seeds: found '0', expected"},
      {"study cell_03 --shard 0/3", "--shard: found '0/3', expected I/N, such as 1/3"},
      {"study cell_03 --shard 4/3", "--shard: found '4/3'"},
      {"study cell_03 --shard x", "--shard: found 'x'"},
      {"study cell_03 --first-seed 4294967290 --seeds 10", "--seeds: found '10', expected"},
      {"study cell_01", "cell_01_scatter does not train"},
      {"merge", "touchstone merge: expected the folders of shards"},
      {"merge nowhere", "nowhere: no such folder"},
      {"merge .", "found no study in it"}};
  for (const auto& [arguments, why] : cases) {
    const Outcome outcome = workplace.run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr(why)) << arguments;
  }
}

}  // namespace
}  // namespace touchstone
