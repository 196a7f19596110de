// The program on real input.
#include <gmock/gmock.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.h"

namespace touchstone {
namespace {

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

TEST(Names, AreCellsTooAndStarts) {
  const Workplace workplace;
  for (const char* name : {"3", "03", "cell_3", "cell_03", "cell_03_batch_size", "cell_03_batch_size.yaml"}) {
    EXPECT_THAT(workplace.run(std::string("show ") + name).out, testing::StartsWith("cell_03_batch_size: ")) << name;
  }
  EXPECT_THAT(workplace.run("show 1").out, testing::StartsWith("cell_01_scatter: "));
  EXPECT_THAT(workplace.run("show 21").out, testing::StartsWith("cell_21_drop_based_schedule: "));
  EXPECT_THAT(workplace.run("show text_time").out, testing::StartsWith("text_time_based_schedule: "));
}

// The program itself, called from a folder that knows nothing of it.
TEST(Names, AreFoundFromAnyFolder) {
  const Workplace workplace;
  const Outcome found = workplace.run_by_shell("sh -c 'shift 2; exec \"$@\"' sh", "list");
  EXPECT_EQ(found.exit_code, 0) << found.err;
  EXPECT_THAT(found.out, HasSubstr("cell_21_drop_based_schedule"));
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

/// Batches of so many rows that LibTorch would sum them on several threads, each a part, if it were let.
const std::string large =
    " --set data.make_blobs.n_samples=140000 --set data.n_train=100000 --set fit.batch_size=100000 --set fit.epochs=2"
    " --set model.layers.0.units=8 ";

TEST(Run, LargeEnoughToThreadIsTheSameForAnyJobsAndCores) {
  const Workplace workplace;
  const auto histories = [&](const std::string& options, const std::string& cores) {
    EXPECT_EQ(
        workplace.run("run cell_07 --format none --quiet" + large + options, "OMP_NUM_THREADS=" + cores).exit_code, 0);
    std::string all;
    for (int arm = 0; arm < 6; ++arm) {
      all += workplace.read("results/cell_07_choosing_an_optimizer/arm_0" + std::to_string(arm) + "/history.csv");
    }
    return all;
  };
  const std::string once = histories("--jobs 1", "1");
  EXPECT_EQ(once, histories("--jobs 2", "4"));
  EXPECT_EQ(once, histories("--jobs 7", "3"));
}

// A trace is the run itself, to the last bit, also where more threads would round otherwise.
TEST(Trace, IsTheRunsHistory) {
  const Workplace workplace;
  const std::string options = large + "--dtype float64 ";
  ASSERT_EQ(workplace.run("run cell_07 --format none --quiet" + options, "OMP_NUM_THREADS=1").exit_code, 0);
  ASSERT_EQ(workplace.run("trace cell_07 --arm 4 --steps 1 -o t.safetensors" + options, "OMP_NUM_THREADS=4").exit_code,
            0);
  const std::string trace = workplace.read("t.safetensors");
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, trace.data(), 8);
  const auto header = nlohmann::json::parse(trace.substr(8, header_size));
  std::istringstream history(workplace.read("results/cell_07_choosing_an_optimizer/arm_04/history.csv"));
  std::string line;
  std::getline(history, line);
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::getline(history, line, ',');
    for (const char* series : {"epoch/loss", "epoch/accuracy", "epoch/val_loss", "epoch/val_accuracy", "epoch/lr"}) {
      std::getline(history, line, std::string(series) == "epoch/lr" ? '\n' : ',');
      const std::size_t begin = header[series]["data_offsets"][0];
      double value = 0.0;
      std::memcpy(&value, trace.data() + 8 + header_size + begin + 8 * static_cast<std::size_t>(epoch), 8);
      EXPECT_EQ(std::stod(line), value) << series << " " << epoch;
    }
  }
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

TEST(Run, LeavesNoArmOfAnEarlierRun) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run("run cell_03" + quick).exit_code, 0);
  ASSERT_EQ(
      workplace.run("run cell_03" + quick + " --set 'arms=[{fit.batch_size: 5}, {fit.batch_size: 10}]'").exit_code, 0);
  EXPECT_THAT(workplace.files_in("results/cell_03_batch_size"),
              ElementsAre("arm_00/history.csv", "arm_01/history.csv", "manifest.json", "summary.csv"));
}

TEST(Run, TwoFilesOfOneNameAreRefused) {
  const Workplace workplace;
  const std::string text = "kind: schedule\ntitle: t\nschedule: {name: exponential}\nsteps: 3\n";
  workplace.write("a/own.yaml", text);
  workplace.write("b/own.yaml", text);
  const Outcome outcome = workplace.run("run a/own.yaml b/own.yaml --format none");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("a/own.yaml and b/own.yaml: both would write the results of 'own'"));
}

// Which files extend a definition is asked of each file's own folder, and a broken one beside it changes nothing.
TEST(Run, DefinitionsAreFoundThroughFolders) {
  const Workplace workplace;
  workplace.write("base.yaml", "kind: definition\ntitle: base\nfit: {epochs: 1}\n");
  workplace.write("deep/middle.yaml", "kind: definition\ntitle: middle\nextends: ../base.yaml\n");
  workplace.write("user.yaml", "kind: definition\ntitle: user\nextends: deep/middle.yaml\n");
  workplace.write("broken.yaml", "kind: [");
  const Outcome outcome = workplace.run("run ./base.yaml");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("used by: user\n"));
}

// A label need not be the next number: a plot has as many colours as there are labels.
TEST(Run, ScatterOfAnyLabels) {
  const Workplace workplace;
  workplace.write("points.csv", "a,b,y\n1,2,2018\n2,1,999999999\n3,0,2018\n");
  workplace.write("own.yaml",
                  "kind: scatter\ntitle: own\ndata: {csv: {path: points.csv, label: y}, n_train: 2}\n"
                  "figures: [{type: scatter}]\n");
  const Outcome outcome = workplace.run("run ./own.yaml");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string script = workplace.read("results/own/figures/own.gp");
  EXPECT_THAT(script, HasSubstr("'class 999999999'"));
  EXPECT_EQ(workplace.run("plot results/own").exit_code, 0);
}

TEST(Run, ALongScheduleIsQuick) {
  const Workplace workplace;
  workplace.write("own.yaml",
                  "kind: schedule\ntitle: t\nschedule: {name: compounded_time_decay, decay: 1.0e-9}\nsteps: 1000000\n");
  EXPECT_EQ(workplace.run("run ./own.yaml --format none --quiet").exit_code, 0);
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

/// The contract is one second; a machine under load gets some more, where what goes on would take hours.
constexpr double seconds_to_end = 5.0;

/// Runs the program and interrupts it once the shell's `condition` holds. Fails unless it then ends in time. The
/// program would ignore SIGINT as the shell's jobs in the background do, were it not set back.
Outcome interrupted_once(const Workplace& workplace, const std::string& condition, const std::string& arguments) {
  const std::string until_then = R"(sh -c 'env --default-signal=INT "$@" & while kill -0 $! && ! )" + condition +
                                 R"(; do sleep 0.1; done; kill -INT $!; date +%s.%N >.interrupted; )"
                                 R"(wait $!; code=$?; date +%s.%N >.ended; exit $code' sh )";
  Outcome outcome = workplace.run_by_shell(until_then, arguments);
  EXPECT_LT(std::stod(workplace.read(".ended")) - std::stod(workplace.read(".interrupted")), seconds_to_end);
  return outcome;
}

TEST(Interrupt, KeepsWhatIsFinished) {
  const Workplace workplace;
  // The first arm is done at once, as a line on stderr reports; the second would take hours.
  const Outcome outcome = interrupted_once(
      workplace, R"(grep -q "short" .err)",
      "run cell_03 --jobs 1 --format none --set 'arms=[{label: short, fit.epochs: 1, fit.batch_size: 500}, "
      "{label: long, fit.epochs: 1000000, fit.batch_size: 5}]'");
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(
      outcome.err,
      HasSubstr("interrupted in cell_03_batch_size; finished arms are saved in results/cell_03_batch_size: short"));
  EXPECT_THAT(workplace.files_in("results/cell_03_batch_size"), ElementsAre("arm_00/history.csv"));
}

// The first case is answered at once, the second never.
TEST(Interrupt, OfConformanceKeepsTheFinishedCases) {
  const Workplace workplace;
  const Outcome outcome = interrupted_once(
      workplace, "[ -e second ]",
      "conformance --jobs 1 --filter 'sgd.*' --junit r.xml --engine '[ -e first ] && touch second && sleep 1000; "
      "touch first; exit 5; : {case} {trace}'");
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.out, HasSubstr("the engine ended with exit code 5: 1 case\n    sgd.constant.f32\n"));
  EXPECT_THAT(outcome.err, testing::ContainsRegex("interrupted; 1 of [0-9]+ cases were finished"));
  EXPECT_THAT(workplace.read("r.xml"), HasSubstr("tests=\"1\""));
}

TEST(Interrupt, OfConformanceEndsAServedEngineToo) {
  const Workplace workplace;
  const Outcome outcome = interrupted_once(
      workplace, "[ -e second ]",
      "conformance --serve --jobs 1 --filter 'update.sgd.*' --engine 'read a b; echo unsupported: it; read a b; touch "
      "second; sleep 1000'");
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.out, HasSubstr("0 of 1 cases passed, the engine does not support 1\n"));
  EXPECT_THAT(outcome.err, testing::ContainsRegex("interrupted; 1 of [0-9]+ cases were finished"));
}

TEST(Help, EveryCommandHasOne) {
  for (const char* command : {"list", "show", "run", "plot", "study", "merge", "trace", "verify", "conformance"}) {
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
