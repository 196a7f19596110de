#include "results/result.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "files/atomic_file.h"
#include "files/errors.h"
#include "results/csv.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

class ResultsFolder : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    return names;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_results_" + std::to_string(getpid()));
};

ExperimentResult two_arms() {
  ExperimentResult result;
  result.name = "cell_99_made_up";
  result.title = "Made \"up\", with commas";
  result.figures.emplace_back();
  result.figures[0].series = {"loss", "val_loss"};
  result.figures[0].y_range = {0.1, 0.7};
  result.provenance.seed = 7;
  result.provenance.versions = {{"libtorch", "1.13"}};
  ArmResult ok;
  ok.label = "a, \"b\"";
  ok.resolved = {{"optimizer.lr", "0.1", "x.yaml:1:2"}};
  ok.history.epochs = {{0.1, 1.0 / 3.0, 1e-300, 0.5, 0.00099999993}, {0.2, 2.0 / 3.0, 1e300, 0.25, 0.1}};
  ok.history.updates = 4;
  ArmResult diverged;
  diverged.label = "diverged";
  const double nan = std::numeric_limits<double>::quiet_NaN();
  diverged.history.epochs = {{nan, 0.5, std::numeric_limits<double>::infinity(), 0.5, 0.1}};
  diverged.history.diverged = true;
  result.arms = {ok, diverged};
  return result;
}

void write(const fs::path& folder, const ExperimentResult& result) {
  for (std::size_t i = 0; i < result.arms.size(); ++i) write_arm(folder, result.kind, i, result.arms[i]);
  write_summary(folder, result);
}

TEST_F(ResultsFolder, ReadsBackExactlyWhatWasWritten) {
  const ExperimentResult written = two_arms();
  write(folder_, written);
  const ExperimentResult read = read_result(folder_);
  EXPECT_EQ(read.name, written.name);
  EXPECT_EQ(read.title, written.title);
  EXPECT_EQ(read.provenance.seed, 7U);
  EXPECT_EQ(read.figures[0].series, written.figures[0].series);
  EXPECT_EQ(read.figures[0].y_range, written.figures[0].y_range);
  ASSERT_EQ(read.arms.size(), 2U);
  EXPECT_EQ(read.arms[0].label, written.arms[0].label);
  EXPECT_EQ(read.arms[0].resolved[0].origin, "x.yaml:1:2");
  for (std::size_t e = 0; e < 2; ++e) {
    for (const char* series : {"loss", "accuracy", "val_loss", "val_accuracy", "lr"}) {
      EXPECT_EQ(metric(read.arms[0].history.epochs[e], series), metric(written.arms[0].history.epochs[e], series));
    }
  }
  EXPECT_TRUE(std::isnan(read.arms[1].history.epochs[0].loss));
  EXPECT_TRUE(std::isinf(read.arms[1].history.epochs[0].val_loss));
  EXPECT_TRUE(read.arms[1].history.diverged);
}

TEST_F(ResultsFolder, HasTheContractsColumns) {
  write(folder_, two_arms());
  EXPECT_EQ(read_saved_file(folder_ / "arm_00" / "history.csv"),
            "epoch,loss,accuracy,val_loss,val_accuracy,lr\n"
            "1,0.1,0.3333333333333333,1e-300,0.5,0.00099999993\n"
            "2,0.2,0.6666666666666666,1e+300,0.25,0.1\n");
  EXPECT_EQ(read_saved_file(folder_ / "arm_01" / "history.csv"),
            "epoch,loss,accuracy,val_loss,val_accuracy,lr\n1,nan,0.5,inf,0.5,0.1\n");
  EXPECT_EQ(read_saved_file(folder_ / "summary.csv"),
            "arm,label,loss,accuracy,val_loss,val_accuracy,updates,seconds,status\n"
            "0,\"a, \"\"b\"\"\",0.2,0.6666666666666666,1e+300,0.25,4,0,ok\n"
            "1,diverged,nan,0.5,inf,0.5,0,0,diverged\n");
}

TEST_F(ResultsFolder, SaysWhatIsWrongWithASavedResult) {
  const auto error = [&] {
    try {
      read_result(folder_);
    } catch (const UserError& result_error) {
      return std::string(result_error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(error(), testing::HasSubstr("manifest.json: no such file, expected a saved result"));
  write(folder_, two_arms());
  std::ofstream(folder_ / "arm_00" / "history.csv")
      << "epoch,loss,accuracy,val_loss,val_accuracy,lr\n1,0.1,half,0,0,0\n";
  EXPECT_THAT(error(), testing::EndsWith("arm_00/history.csv:2: found 'half', expected a number"));
  std::ofstream(folder_ / "arm_00" / "history.csv") << "epoch,loss\n";
  EXPECT_THAT(error(), testing::HasSubstr("history.csv:1: found 'epoch,loss', expected 'epoch,loss,accuracy"));
}

/// A manifest may have been edited by hand, or come from somewhere else: what it says becomes paths and gnuplot's
/// commands.
class HostileManifest : public ResultsFolder {
 protected:
  std::string error_of(const ExperimentResult& result) {
    write(folder_, result);
    return error();
  }
  std::string error_with(const std::string& from, const std::string& to) {
    write(folder_, two_arms());
    const std::string text = read_saved_file(folder_ / "manifest.json");
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    std::ofstream(folder_ / "manifest.json") << std::string(text).replace(at, from.size(), to);
    return error();
  }
  std::string error() {
    try {
      read_result(folder_);
    } catch (const UserError& refused) {
      return refused.what();
    }
    return "no error";
  }
};

TEST_F(HostileManifest, CannotLeadOutOfItsFolder) {
  ExperimentResult result = two_arms();
  result.name = "../../outside";
  EXPECT_THAT(error_of(result),
              testing::HasSubstr("manifest.json: experiment: found '../../outside', expected letters"));
  result = two_arms();
  result.figures[0].suffix = "../../outside";
  EXPECT_THAT(error_of(result), testing::HasSubstr("figures.0.suffix: found '../../outside', expected letters"));
}

TEST_F(HostileManifest, CannotCommandGnuplot) {
  ExperimentResult result = two_arms();
  result.figures[0].series = {"loss\nsystem 'touch /tmp/owned'"};
  EXPECT_THAT(error_of(result), testing::HasSubstr("figures.0.series: found 'loss"));
  result.kind = Kind::schedule;
  for (ArmResult& arm : result.arms) arm.rates = {0.1};
  EXPECT_THAT(error_of(result), testing::HasSubstr("figures.0.series: found 'loss"));
  result.figures[0].series = {"val_loss"};
  EXPECT_THAT(error_of(result), testing::HasSubstr("expected lr: a schedule has nothing else"));
}

TEST_F(HostileManifest, IsReadToTheLastKey) {
  ExperimentResult impossible = two_arms();
  impossible.figures[0].layout = {0, 2};
  EXPECT_THAT(error_of(impossible), testing::HasSubstr("figures.0.layout: found '0'"));
  EXPECT_THAT(error_with("\"training\"", "\"trianing\""), testing::HasSubstr("(did you mean training?)"));
  EXPECT_THAT(error_with("\"seed\": 7", "\"seed\": -7"), testing::HasSubstr("seed: found '-7'"));
  EXPECT_THAT(error_with("\"seed\": 7", "\"seed\": 7, \"seedd\": 8"), testing::HasSubstr("(did you mean seed?)"));
  EXPECT_THAT(error_with("\"status\": \"ok\"", "\"status\": \"fine\""), testing::HasSubstr("arms.0.status"));
  EXPECT_THAT(error_with("\"arms\": [", "\"arms\": [], \"others\": ["), testing::HasSubstr("arms: found"));
  std::ofstream(folder_ / "manifest.json") << "{\"experiment\": ";
  EXPECT_THAT(error(), testing::HasSubstr("manifest.json"));
}

TEST_F(ResultsFolder, RefusesAClassThatIsNone) {
  ExperimentResult result;
  result.name = "points";
  result.kind = Kind::scatter;
  result.arms.emplace_back();
  result.arms[0].data = {1, {0.5, 1.5}, {0, 2019}};
  write(folder_, result);
  EXPECT_EQ(read_result(folder_).arms[0].data.y, (std::vector<std::int64_t>{0, 2019}));
  for (const char* bad : {"nan", "1e300", "-1", "0.5"}) {
    std::ofstream(folder_ / "arm_00" / "points.csv") << "x0,class\n0.5,0\n1.5," << bad << "\n";
    EXPECT_THROW(read_result(folder_), UserError) << bad;
  }
}

TEST_F(ResultsFolder, HoldsTheLastRunOnly) {
  ExperimentResult result = two_arms();
  for (int more = 0; more < 6; ++more) result.arms.push_back(result.arms[0]);
  write(folder_, result);
  write_file_atomically(folder_ / "figures" / "cell_99_made_up_old.gp", "");
  write_file_atomically(folder_ / "arm_07" / "notes.txt", "the user's");
  write_file_atomically(folder_ / "arm_of_mine" / "history.csv", "the user's");
  remove_earlier_run(folder_);
  EXPECT_THAT(files(), testing::UnorderedElementsAre("arm_07", "arm_of_mine", "figures"));
  EXPECT_TRUE(fs::exists(folder_ / "arm_07" / "notes.txt"));
  EXPECT_FALSE(fs::exists(folder_ / "arm_07" / "history.csv"));
  EXPECT_TRUE(fs::is_empty(folder_ / "figures"));
  EXPECT_TRUE(fs::exists(folder_ / "arm_of_mine" / "history.csv"));
}

}  // namespace
}  // namespace touchstone
