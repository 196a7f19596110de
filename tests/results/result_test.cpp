#include "results/result.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>

#include "results/atomic_file.h"
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
  EXPECT_EQ(read_text(folder_ / "arm_00" / "history.csv"),
            "epoch,loss,accuracy,val_loss,val_accuracy,lr\n"
            "1,0.1,0.3333333333333333,1e-300,0.5,0.00099999993\n"
            "2,0.2,0.6666666666666666,1e+300,0.25,0.1\n");
  EXPECT_EQ(read_text(folder_ / "arm_01" / "history.csv"),
            "epoch,loss,accuracy,val_loss,val_accuracy,lr\n1,nan,0.5,inf,0.5,0.1\n");
  EXPECT_EQ(read_text(folder_ / "summary.csv"),
            "arm,label,loss,accuracy,val_loss,val_accuracy,updates,seconds,status\n"
            "0,\"a, \"\"b\"\"\",0.2,0.6666666666666666,1e+300,0.25,4,0,ok\n"
            "1,diverged,nan,0.5,inf,0.5,0,0,diverged\n");
}

TEST_F(ResultsFolder, SaysWhatIsWrongWithASavedResult) {
  const auto error = [&] {
    try {
      read_result(folder_);
    } catch (const ResultError& result_error) {
      EXPECT_EQ(result_error.fault(), ResultError::Fault::cannot_read);
      return std::string(result_error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(error(), testing::HasSubstr("manifest.json: cannot be read"));
  write(folder_, two_arms());
  std::ofstream(folder_ / "arm_00" / "history.csv")
      << "epoch,loss,accuracy,val_loss,val_accuracy,lr\n1,0.1,half,0,0,0\n";
  EXPECT_THAT(error(), testing::EndsWith("arm_00/history.csv:2: found 'half', expected a number"));
  std::ofstream(folder_ / "arm_00" / "history.csv") << "epoch,loss\n";
  EXPECT_THAT(error(), testing::HasSubstr("history.csv:1: found 'epoch,loss', expected 'epoch,loss,accuracy"));
  ExperimentResult impossible = two_arms();
  impossible.figures[0].layout = {0, 2};
  write(folder_, impossible);
  EXPECT_THAT(error(), testing::HasSubstr("a figure's layout, expected 1 to 50"));
  std::ofstream(folder_ / "manifest.json") << "{\"experiment\": ";
  EXPECT_THAT(error(), testing::HasSubstr("manifest.json: no manifest of a result"));
}

TEST_F(ResultsFolder, AtomicFileReplacesTheWholeFile) {
  write_file_atomically(folder_ / "deep" / "file", "first, and longer");
  write_file_atomically(folder_ / "deep" / "file", "second");
  EXPECT_EQ(read_text(folder_ / "deep" / "file"), "second");
}

TEST_F(ResultsFolder, AtomicFileSaysWhyItCannotBeWritten) {
  write_file_atomically(folder_ / "file", "a file, no folder");
  try {
    write_file_atomically(folder_ / "file" / "below", "");
    FAIL();
  } catch (const ResultError& error) {
    EXPECT_EQ(error.fault(), ResultError::Fault::cannot_write);
    EXPECT_THAT(error.what(), testing::HasSubstr("Not a directory"));
  }
}

// A limit on the file size stands in for a full disk: the write fails half-way, as it would there.
TEST_F(ResultsFolder, AtomicFileLeavesNothingHalfWritten) {
  write_file_atomically(folder_ / "file", "old");
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file_atomically(folder_ / "file", std::string(5000, 'x'));
    } catch (const ResultError&) {
      _exit(3);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(files(), testing::ElementsAre("file"));
  EXPECT_EQ(read_text(folder_ / "file"), "old");
}

}  // namespace
}  // namespace touchstone
