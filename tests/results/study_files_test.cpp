#include "results/study_files.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/algorithm/string/replace.hpp>
#include <cmath>
#include <fstream>
#include <limits>

#include "files/errors.h"
#include "results/csv.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

ExperimentResult small_study() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ExperimentResult study;
  study.name = "mine";
  study.figures.emplace_back().series = {"loss", "val_loss"};
  study.provenance.seed = 5;
  study.provenance.seeds = 3;
  ArmResult arm;
  arm.label = "first, \"quoted\"";
  arm.history.epochs = {{0.1, 0.2, 1.0 / 3.0, 0.4, 0.5}, {1.1, 1.2, 1e-300, 1.4, 1.5}};
  arm.history.updates = 12;
  arm.bands = Bands{{{2.1, 2.2, 2.3, 2.4, 2.5}, {3.1, 3.2, 3.3, 3.4, 3.5}},
                    {{4.1, 4.2, 4.3, 4.4, 4.5}, {5.1, 5.2, 5.3, 5.4, 5.5}},
                    {{6.1, 6.2, 6.3, 6.4, 6.5}, {7.1, 7.2, 7.3, 7.4, 7.5}},
                    0};
  study.arms = {arm, arm};
  study.arms[1].label = "second";
  study.arms[1].history.epochs[1].loss = nan;
  study.arms[1].bands->mean[1].loss = nan;
  study.arms[1].bands->diverged = 3;
  return study;
}

class StudyFiles : public testing::Test {
 protected:
  void SetUp() override {
    write_bands(folder_, small_study());
    write_study_manifest(folder_, small_study());
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// With a part of a file changed.
  std::string complaint(const fs::path& file, const std::string& from, const std::string& to) const {
    const std::string text = read_saved_file(folder_ / file);
    EXPECT_THAT(text, HasSubstr(from));
    std::ofstream(folder_ / file) << boost::replace_first_copy(text, from, to);
    std::string said = "no error";
    try {
      read_study(folder_);
    } catch (const UserError& error) {
      said = error.what();
    }
    std::ofstream(folder_ / file) << text;
    return said;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_study_files_" + std::to_string(getpid()));
};

TEST_F(StudyFiles, ReadBackExactlyWhatWasWritten) {
  const ExperimentResult written = small_study();
  const ExperimentResult read = read_study(folder_);
  EXPECT_EQ(read.name, "mine");
  EXPECT_EQ(read.provenance.seed, 5U);
  EXPECT_EQ(read.provenance.seeds, 3U);
  ASSERT_EQ(read.arms.size(), 2U);
  EXPECT_EQ(read.arms[0].label, written.arms[0].label);
  EXPECT_EQ(read.arms[0].history.updates, 12);
  EXPECT_EQ(read.arms[1].bands->diverged, 3);
  EXPECT_TRUE(std::isnan(read.arms[1].history.epochs[1].loss));
  EXPECT_TRUE(std::isnan(read.arms[1].bands->mean[1].loss));
  for (std::size_t e = 0; e < 2; ++e) {
    for (const std::string& name : metric_names()) {
      EXPECT_EQ(metric(read.arms[0].history.epochs[e], name), metric(written.arms[0].history.epochs[e], name));
      EXPECT_EQ(metric(read.arms[0].bands->mean[e], name), metric(written.arms[0].bands->mean[e], name));
      EXPECT_EQ(metric(read.arms[0].bands->p05[e], name), metric(written.arms[0].bands->p05[e], name));
      EXPECT_EQ(metric(read.arms[0].bands->p95[e], name), metric(written.arms[0].bands->p95[e], name));
    }
  }
}

TEST_F(StudyFiles, HaveTheContractsColumns) {
  EXPECT_THAT(read_saved_file(folder_ / "bands.csv"),
              testing::StartsWith("arm,label,epoch,series,mean,p05,p50,p95\n"
                                  "0,\"first, \"\"quoted\"\"\",1,loss,2.1,4.1,0.1,6.1\n"
                                  "0,\"first, \"\"quoted\"\"\",1,accuracy,2.2,4.2,0.2,6.2\n"
                                  "0,\"first, \"\"quoted\"\"\",1,val_loss,2.3,4.3,0.3333333333333333,6.3\n"));
  EXPECT_EQ(csv_row(study_header()), "arm,label,seed,loss,accuracy,val_loss,val_accuracy,updates,status\n");
  EXPECT_EQ(csv_row(study_row(1, "a, b", 4000000000, small_study().arms[0].history)),
            "1,\"a, b\",4000000000,1.1,1.2,1e-300,1.4,12,ok\n");
}

TEST_F(StudyFiles, AreTrustedInNothing) {
  EXPECT_THAT(complaint("bands.csv", "p05", "p06"), HasSubstr("bands.csv:1: found 'arm,label,epoch,series,mean,p06"));
  EXPECT_THAT(
      complaint("bands.csv", "1,accuracy", "1,loss"),
      HasSubstr("bands.csv:3: found arm 0 (first, \"quoted\"), epoch 1, loss, expected arm 0 (first, \"quoted\"), "
                "epoch 1, accuracy"));
  EXPECT_THAT(complaint("bands.csv", "2,loss", "3,loss"),
              HasSubstr("bands.csv:7: found arm 0 (first, \"quoted\"), epoch 3"));
  EXPECT_THAT(complaint("bands.csv", "1,second,1,loss", "2,second,1,loss"), HasSubstr("bands.csv:12: found arm 2"));
  EXPECT_THAT(complaint("bands.csv", "2.2,4.2", "2.2,x"), HasSubstr("bands.csv:3: found 'x', expected a number"));
  EXPECT_THAT(complaint("bands.csv", "2.2,4.2", "2.2"), HasSubstr("bands.csv:3: found 7 cells, expected 8"));
  EXPECT_THAT(complaint("bands.csv", "1,second,2,lr,3.5,5.5,1.5,7.5\n", ""), HasSubstr("ends in arm 1"));
  EXPECT_THAT(complaint("bands.csv", "1,second", "1,third"), HasSubstr("bands.csv:12: found arm 1 (third)"));
  EXPECT_THAT(complaint("study/manifest.json", "\"seeds\": 3", "\"seeds\": 0"), HasSubstr("seeds: found '0'"));
  EXPECT_THAT(complaint("study/manifest.json", "\"seeds\": 3", "\"wall_seconds\": 3"), HasSubstr("manifest.json"));
  EXPECT_THAT(complaint("study/manifest.json", "\"mine\"", "\"../mine\""), HasSubstr("experiment"));
  EXPECT_THAT(complaint("study/manifest.json", "\"diverged\": 0", "\"diverged\": -1"), HasSubstr("diverged"));
}

TEST_F(StudyFiles, OfAStudyAreRemovedAndARunsStay) {
  fs::create_directories(folder_ / "figures");
  for (const char* file :
       {"figures/mine.gp", "figures/mine_bands.gp", "study.csv", "epochs.csv", "claims.csv", "summary.csv"}) {
    std::ofstream(folder_ / file) << "x";
  }
  remove_earlier_study(folder_);
  for (const char* file :
       {"bands.csv", "study.csv", "epochs.csv", "claims.csv", "study/manifest.json", "figures/mine_bands.gp"}) {
    EXPECT_FALSE(fs::exists(folder_ / file)) << file;
  }
  EXPECT_TRUE(fs::exists(folder_ / "figures/mine.gp"));
  EXPECT_TRUE(fs::exists(folder_ / "summary.csv"));
  std::ofstream(folder_ / "figures/mine_bands.gp") << "x";
  remove_earlier_run(folder_);
  EXPECT_TRUE(fs::exists(folder_ / "figures/mine_bands.gp"));
  EXPECT_FALSE(fs::exists(folder_ / "figures/mine.gp"));
}

}  // namespace
}  // namespace touchstone
