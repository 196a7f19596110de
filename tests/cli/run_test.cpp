// The program on real input.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace touchstone {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string quick = " --set fit.epochs=3 --format none --quiet";

TEST(List, NamesEveryCellAndBothProseGraphs) {
  const Outcome outcome = Workplace().run("list");
  EXPECT_EQ(outcome.exit_code, 0);
  for (int cell = 1; cell <= 21; ++cell) {
    EXPECT_THAT(outcome.out, HasSubstr((cell < 10 ? "cell_0" : "cell_") + std::to_string(cell) + "_"));
  }
  EXPECT_THAT(outcome.out, HasSubstr("text_time_based_schedule"));
  EXPECT_THAT(outcome.out, HasSubstr("text_drop_based_schedule"));
  // 200 epochs of ceil(500 / batch) updates for each batch size, by hand: 100+50+32+16+8+4+2+1 = 213.
  EXPECT_THAT(outcome.out, HasSubstr("42600"));
}

TEST(Show, SaysWhereEachValueComesFrom) {
  const Outcome outcome = Workplace().run("show cell_19 --set fit.epochs=7");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, testing::ContainsRegex("optimizer.momentum +0.8 +.*cell_18_time_based_sgd.yaml:7:"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("fit.epochs +7 +--set"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("fit.shuffle +true +Keras default"));
}

TEST(Run, WritesTheContractsFiles) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("run cell_15 --set fit.epochs=3");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(workplace.files_in("results/cell_15_decay"),
              ElementsAre("arm_00/history.csv", "arm_01/history.csv", "arm_02/history.csv", "arm_03/history.csv",
                          "figures/cell_15_decay.gp", "manifest.json", "summary.csv"));
  EXPECT_THAT(workplace.files_in("plots"), ElementsAre("cell_15_decay.png"));
  EXPECT_THAT(outcome.out, HasSubstr("decay=1.0e-1"));
  const auto manifest = nlohmann::json::parse(workplace.read("results/cell_15_decay/manifest.json"));
  EXPECT_EQ(manifest["seed"], 0);
  EXPECT_EQ(manifest["dtype"], "float32");
  EXPECT_TRUE(manifest["versions"].contains("libtorch"));
  EXPECT_EQ(manifest["arms"].size(), 4U);
}

TEST(Run, IsByteIdenticalFromRunToRunAndForAnyJobs) {
  const Workplace workplace;
  const auto histories = [&](const std::string& options) {
    EXPECT_EQ(workplace.run("run cell_07" + quick + options).exit_code, 0);
    std::string all;
    for (int arm = 0; arm < 6; ++arm) {
      all += workplace.read("results/cell_07_choosing_an_optimizer/arm_0" + std::to_string(arm) + "/history.csv");
    }
    return all;
  };
  const std::string once = histories(" --jobs 1");
  EXPECT_EQ(once, histories(" --jobs 1"));
  EXPECT_EQ(once, histories(" --jobs 2"));
  EXPECT_EQ(once, histories(" --jobs 5"));
  EXPECT_NE(once, histories(" --seed 1"));
}

TEST(Run, RecordsADivergingArmAndGoesOn) {
  const Workplace workplace;
  const Outcome outcome = workplace.run(
      "run cell_15 --set fit.epochs=20 --set 'arms=[{label: wild, optimizer.lr: 1.0e+6, optimizer.momentum: 0.9}, "
      "{label: tame, optimizer.lr: 0.01}]'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string summary = workplace.read("results/cell_15_decay/summary.csv");
  EXPECT_THAT(summary, testing::ContainsRegex("0,wild,.*,diverged"));
  EXPECT_THAT(summary, testing::ContainsRegex("1,tame,.*,ok"));
  EXPECT_THAT(workplace.files_in("plots"), ElementsAre("cell_15_decay.png"));
}

TEST(Run, DefinitionsSayWhoUsesThem) {
  const Outcome outcome = Workplace().run("run cell_05");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("used by: cell_06_fit_model_opt, cell_07_choosing_an_optimizer"));
}

TEST(Run, DryRunWritesNothing) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("run --dry-run");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("cell_03_batch_size: 8 arms, 42600 updates"));
  EXPECT_THAT(workplace.files_in("."), ElementsAre(".err", ".out"));
}

TEST(Run, CountsTheTimeBasedTableOfTheProse) {
  const Outcome outcome = Workplace().run("run text_time_based --format none");
  for (const char* rate : {"0.1\n", "0.0999000999", "0.0997006985", "0.09940249103", "0.09900646517"}) {
    EXPECT_THAT(outcome.out, HasSubstr(rate));
  }
}

TEST(Plot, RedrawsTheSameFigureFromSavedResults) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run("run cell_21 --set fit.epochs=3").exit_code, 0);
  const std::string drawn = workplace.read("plots/cell_21_drop_based_schedule.png");
  const Outcome outcome = workplace.run("plot results/cell_21_drop_based_schedule --plots again");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(workplace.read("again/cell_21_drop_based_schedule.png"), drawn);
}

TEST(Interrupt, KeepsWhatIsFinished) {
  const Workplace workplace;
  // The first arm is done at once, which a line on stderr tells; the second would take hours.
  const std::string until_told = R"(sh -c '"$@" & while kill -0 $! && ! grep -q "short" .err; do sleep 0.1; done; )"
                                 R"(kill -INT $!; wait $!' sh env )";
  const Outcome outcome = workplace.run(
      "run cell_03 --jobs 1 --format none --set 'arms=[{label: short, fit.epochs: 1, fit.batch_size: 500}, "
      "{label: long, fit.epochs: 1000000, fit.batch_size: 5}]'",
      "", until_told);
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.err,
              HasSubstr("interrupted in cell_03_batch_size; finished arms kept in results/cell_03_batch_size: short"));
  EXPECT_THAT(workplace.files_in("results/cell_03_batch_size"), ElementsAre("arm_00/history.csv"));
}

TEST(Help, EveryCommandHasOne) {
  for (const char* command : {"list", "show", "run", "plot", "trace", "verify", "conformance"}) {
    const Outcome outcome = Workplace().run(std::string(command) + " --help");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr(std::string("touchstone ") + command));
  }
  EXPECT_EQ(Workplace().run("--help").exit_code, 0);
  EXPECT_EQ(Workplace().run("").exit_code, 2);
  EXPECT_THAT(Workplace().run("--version").out, HasSubstr("libtorch "));
}

}  // namespace
}  // namespace touchstone
