// Claims, comparisons and tables of a study by the program, on an experiment whose answers are known.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "files/csv_reader.h"
#include "program.h"

namespace touchstone {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Rates that learn and one that does not.
const std::string rates = R"(kind: training
title: Rates
data: {make_blobs: {n_samples: 200, centers: 3, cluster_std: 1.0, random_state: 3}, n_train: 100}
model: {layers: [{units: 8, activation: relu}, {units: 3, activation: softmax}]}
optimizer: {name: SGD, decay: 0.01}
fit: {epochs: 8, batch_size: 10}
arms: {optimizer.lr: [1.0e-6, 0.01, 0.1]}
claims:
  - id: faster
    claim: The larger the rate, the lower the training loss.
    statistic: {final: loss}
    expect: {trend: decreasing, over: optimizer.lr}
  - id: updates
    claim: An epoch takes 10 updates.
    statistic: updates_per_epoch
    expect: {closed: 10}
)";

const std::string wrong_claim = R"(  - id: slow_is_better
    claim: The smallest rate ends with the lowest test loss.
    statistic: {best: val_loss}
    expect: {arm: lr=1.0e-6, less: others}
)";

const std::string quietly = " --format none --quiet";

/// The rows of a CSV file as maps from the header.
std::vector<std::map<std::string, std::string>> rows_of(const Workplace& workplace, const std::string& file) {
  CsvReader reader(file, workplace.read(file));
  const CsvRow header = reader.next_row();
  std::vector<std::map<std::string, std::string>> rows;
  for (CsvRow row = reader.next_row(); !row.empty(); row = reader.next_row()) {
    auto& cells = rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) cells[header.at(i).text] = row[i].text;
  }
  return rows;
}

TEST(Claims, GetVerdictsWithEffectAndInterval) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates + wrong_claim);
  const Outcome outcome = workplace.run("study rates.yaml --seeds 20 --claims --format none");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("supported     The larger the rate, the lower the training loss."));
  EXPECT_THAT(outcome.out, HasSubstr("supported     An epoch takes 10 updates."));
  EXPECT_THAT(outcome.out, HasSubstr("contradicted  The smallest rate ends with the lowest test loss."));
  EXPECT_THAT(outcome.out, HasSubstr("3 claims: 2 supported, 1 contradicted, 0 undecided; at 5 %, p corrected by Holm "
                                     "for 2 claims"));
  const auto claims = rows_of(workplace, "results/rates/claims.csv");
  ASSERT_EQ(claims.size(), 3U);
  EXPECT_EQ(claims[0].at("id"), "faster");
  EXPECT_EQ(claims[0].at("verdict"), "supported");
  EXPECT_LT(std::stod(claims[0].at("low")), std::stod(claims[0].at("size")));
  EXPECT_GT(std::stod(claims[0].at("high")), std::stod(claims[0].at("size")));
  EXPECT_LT(std::stod(claims[0].at("high")), 0.0);
  EXPECT_EQ(claims[1].at("p"), "");  // computed
  EXPECT_EQ(claims[1].at("size"), "10");
  EXPECT_EQ(claims[2].at("verdict"), "contradicted");
}

TEST(Claims, DecideTheExitCodeIfTheyAreStrict) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates);
  workplace.write("wrong.yaml", rates + wrong_claim);
  EXPECT_EQ(workplace.run("study rates.yaml --seeds 20 --claims --strict" + quietly).exit_code, 0);
  EXPECT_EQ(workplace.run("study wrong.yaml --seeds 20 --claims --strict" + quietly).exit_code, 1);
  EXPECT_EQ(workplace.run("study wrong.yaml --seeds 20 --claims --resume" + quietly).exit_code, 0);
  const Outcome lonely = workplace.run("study rates.yaml --strict" + quietly);
  EXPECT_EQ(lonely.exit_code, 2);
  EXPECT_THAT(lonely.err, HasSubstr("--strict: expected --claims with it"));
  EXPECT_EQ(workplace.run("study rates.yaml --claims --shard 1/2" + quietly).exit_code, 2);
}

TEST(Claims, OfTheNotebooksGraphsAreComputed) {
  const Workplace workplace;
  const Outcome outcome =
      workplace.run("study cell_13 text_two_readings_of_steps cell_01 --claims" + std::string(" --format none"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  // 0.01 / (1 + 0.1 * 1024) = 9.67e-5
  EXPECT_THAT(outcome.out, HasSubstr("value 9.671e-05, computed"));
  EXPECT_THAT(outcome.out, HasSubstr("contradicted  A decay of 0.1 leaves 3.1e-5"));
  EXPECT_THAT(outcome.out, HasSubstr("contradicted  By the formula of cell 20 the first ten epochs"));
  EXPECT_THAT(outcome.out, HasSubstr("supported     The same random state always gives the same points."));
  const Outcome without = workplace.run("study cell_13" + quietly);
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_THAT(without.err, HasSubstr("cell_13_decayed_rates does not train"));
}

TEST(Claims, FollowTheOverriddenArms) {
  const Workplace workplace;
  workplace.write("wrong.yaml", rates + wrong_claim);
  // The arm of one claim is gone, and so is the claim; the other two are about what is left.
  const Outcome outcome =
      workplace.run("study wrong.yaml --seeds 5 --claims --format none --set 'arms={optimizer.lr: [0.001, 0.1]}'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("2 claims: 2 supported"));
}

TEST(StudyTables, HaveAColumnForWhatVariesAndForStatistics) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates);
  ASSERT_EQ(workplace.run("study rates.yaml --seeds 3 --epochs-csv" + quietly).exit_code, 0);
  const auto study = rows_of(workplace, "results/rates/study.csv");
  ASSERT_EQ(study.size(), 9U);
  EXPECT_EQ(study[0].at("optimizer.lr"), "1e-06");
  EXPECT_EQ(study[8].at("optimizer.lr"), "0.1");
  EXPECT_EQ(study[8].at("updates_per_epoch"), "10");
  EXPECT_EQ(study[8].at("drops"), "0");
  const auto epochs = rows_of(workplace, "results/rates/epochs.csv");
  ASSERT_EQ(epochs.size(), 9U * 8U);
  double best = 0.0;
  for (const auto& row : epochs) {
    if (row.at("arm") == "2" && row.at("seed") == "1") best = std::max(best, std::stod(row.at("val_accuracy")));
  }
  EXPECT_EQ(std::stod(study[7].at("best_val_accuracy")), best);
  EXPECT_EQ(epochs[8 * 7 + 7].at("val_loss"), study[7].at("val_loss"));
  EXPECT_EQ(epochs[8 * 7 + 7].at("label"), "lr=0.1");
}

TEST(StudyTables, AreMadeByTheFastEngineUnlessAnotherIsNamed) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates);
  ASSERT_EQ(workplace.run("study rates.yaml --seeds 2" + quietly).exit_code, 0);
  EXPECT_THAT(workplace.read("results/rates/study/manifest.json"), HasSubstr("\"engine\": \"fused\""));
  ASSERT_EQ(workplace.run("study rates.yaml --seeds 2 --engine autograd --results others" + quietly).exit_code, 0);
  EXPECT_THAT(workplace.read("others/rates/study/manifest.json"), HasSubstr("\"engine\": \"autograd\""));
}

TEST(Compare, GivesDifferencesAndP) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates);
  ASSERT_EQ(workplace.run("study rates.yaml --seeds 12" + quietly).exit_code, 0);
  const Outcome json = workplace.run("compare results/rates --metric val_loss --baseline lr=0.01 --json");
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const auto found = nlohmann::json::parse(json.out);
  ASSERT_EQ(found["arms"].size(), 2U);
  double own = 0.0;
  double baseline = 0.0;
  for (const auto& row : rows_of(workplace, "results/rates/study.csv")) {
    if (row.at("label") == "lr=0.1") own += std::stod(row.at("val_loss")) / 12.0;
    if (row.at("label") == "lr=0.01") baseline += std::stod(row.at("val_loss")) / 12.0;
  }
  EXPECT_NEAR(found["arms"][1]["difference"], own - baseline, 1e-12);
  EXPECT_NEAR(found["baseline"]["mean"], baseline, 1e-12);
  EXPECT_EQ(found["arms"][0]["seeds"], 12);
  EXPECT_LT(found["arms"][0]["p_t_holm"], 0.01);
  EXPECT_GE(found["arms"][0]["p_t_holm"], found["arms"][0]["p_t"]);
  EXPECT_FALSE(found["paired"]);
  const Outcome table = workplace.run("compare results/rates --metric epochs_to_0.8_val_accuracy");
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("rates: epochs_to_0.8_val_accuracy of each arm, compared with lr=1.0e-6 (mean 9"));
  EXPECT_THAT(table.out, HasSubstr("p (Mann-Whitney)"));
  EXPECT_THAT(workplace.run("compare results/rates --csv").out,
              testing::StartsWith("arm,baseline,statistic,seeds,mean,difference,low,high,"));
}

TEST(Compare, PairsArmsThatShareTheirStarts) {
  const Workplace workplace;
  workplace.write("paired.yaml", rates + "pair_arms: true\n");
  ASSERT_EQ(workplace.run("study paired.yaml --seeds 12 --set fit.epochs=1" + quietly).exit_code, 0);
  const Outcome outcome = workplace.run("compare results/paired --metric loss");
  EXPECT_THAT(outcome.out, HasSubstr("p (Wilcoxon)"));
  // All arms of a seed start from the same weights: at a rate of 1e-12 their first epochs are the same to all digits.
  ASSERT_EQ(
      workplace
          .run("study paired.yaml --results same --seeds 3 --dtype float64 --set 'arms={optimizer.lr: [0.0, 1.0e-14]}' "
               "--set fit.epochs=1" +
               quietly)
          .exit_code,
      0);
  const auto rows = rows_of(workplace, "same/paired/study.csv");
  for (std::size_t s = 0; s < 3; ++s) {
    EXPECT_NEAR(std::stod(rows[s].at("loss")), std::stod(rows[3 + s].at("loss")), 1e-11);
  }
  EXPECT_NE(rows[0].at("loss"), rows[1].at("loss"));
}

TEST(Compare, RefusesWhatItCannotCompare) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates);
  ASSERT_EQ(workplace.run("study rates.yaml --seeds 1" + quietly).exit_code, 0);
  const auto error = [&](const std::string& arguments) {
    const Outcome outcome = workplace.run("compare " + arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    return outcome.err;
  };
  EXPECT_THAT(error("results/rates"), HasSubstr("found 1 runs with a finite value, expected at least 2"));
  EXPECT_THAT(error("results/rates --metric val_acuracy"), HasSubstr("did you mean val_accuracy?"));
  EXPECT_THAT(error("results/rates --metric gradient_noise"), HasSubstr("--metric: found 'gradient_noise'"));
  EXPECT_THAT(error("results/rates --baseline lr=1"),
              HasSubstr("expected the label of an arm, one of lr=1.0e-6; lr=0.01"));
  EXPECT_THAT(error("results/none"), HasSubstr("found no study in it"));
  EXPECT_THAT(error(""), HasSubstr("expected a RESULT_DIR"));
}

TEST(DryRun, EstimatesTimeAndDisk) {
  const Workplace workplace;
  workplace.write("rates.yaml", rates);
  const Outcome study = workplace.run("study rates.yaml --seeds 1000 --dry-run");
  EXPECT_EQ(study.exit_code, 0) << study.err;
  EXPECT_THAT(study.out,
              testing::ContainsRegex("rates: 3 arms, 1000 seeds, 240000 updates: about [0-9].* with --engine "
                                     "fused on [0-9]+ cores?, 1\\.4 MB in results/rates"));
  EXPECT_THAT(workplace.run("run rates.yaml --dry-run --jobs 1").out, HasSubstr("with --engine autograd on 1 core, "));
  EXPECT_TRUE(workplace.files_in("results").empty());
}

TEST(Completion, KnowsCommandsOptionsChoicesAndExperiments) {
  const Workplace workplace;
  workplace.write("touchstone.bash", workplace.run("completion bash").out);
  const auto completed = [&](const std::string& words) {
    workplace.write("complete",
                    fmt::format("source ./touchstone.bash; COMP_WORDS=({}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - "
                                "1)); _touchstone; echo \"${{COMPREPLY[@]}}\"\n",
                                words));
    // The program that the experiments are asked of is the one under test: "$0" of sh -c.
    return workplace.run_by_shell("bash -c 'touchstone() { :; }; . ./complete' ", "").out;
  };
  EXPECT_EQ(completed("touchstone stu"), "study\n");
  EXPECT_EQ(completed("touchstone study --cl"), "--claims\n");
  EXPECT_EQ(completed("touchstone run --format p"), "png pdf\n");
  EXPECT_EQ(completed("touchstone nonsense --x"), "\n");
  EXPECT_THAT(workplace.run("completion zsh").out, HasSubstr("'--claims[judge the experiments"));
  EXPECT_THAT(workplace.run("completion man").out, HasSubstr(".SS study"));
  EXPECT_THAT(workplace.run("completion experiments").out, HasSubstr("cell_03_batch_size\n"));
  EXPECT_EQ(workplace.run("completion fish").exit_code, 2);
}

TEST(SortedData, IsWarnedOf) {
  const Workplace workplace;
  std::string rows = "x,y,class\n";
  for (int i = 0; i < 40; ++i) rows += fmt::format("{},{},{}\n", i % 7, i % 5, i < 20 ? "a" : "b");
  workplace.write("sorted.csv", rows);
  workplace.write("sorted.yaml", R"(kind: training
title: Sorted
extends: cell_02
data: {csv: {path: sorted.csv, label: class}, n_train: 20}
optimizer: {name: SGD}
fit: {epochs: 2}
)");
  const std::string run = "run sorted.yaml --format none ";
  EXPECT_THAT(workplace.run(run).err,
              HasSubstr("sorted.yaml:4:56: data.n_train: the 20 training rows have 1 of 2 classes; "
                        "add data.csv.shuffle: SEED"));
  EXPECT_THAT(workplace.run(run + "--set data.csv.stratify=true").err, Not(HasSubstr("classes")));
  EXPECT_THAT(workplace.run(run + "--set data.csv.shuffle=1").err, Not(HasSubstr("classes")));
}

}  // namespace
}  // namespace touchstone
