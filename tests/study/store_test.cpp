#include "study/store.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "files/errors.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Identity ours = {{"arm", "one"}, {"engine", "fused"}, {"block", "4"}};

/// A history of two epochs that nobody else's is.
History history_of(std::uint64_t seed) {
  const double own = static_cast<double>(seed) / 3.0;
  History history;
  history.epochs = {{own, 0.5, 1.0 + own, 0.25, 0.1}, {own / 7.0, 0.75, 2.0, 0.125, 0.01}};
  history.updates = 12;
  return history;
}

std::map<std::uint64_t, History> histories_of(const SeedRange& seeds) {
  std::map<std::uint64_t, History> histories;
  for (std::uint64_t seed = seeds.first; seed < seeds.end; ++seed) histories.emplace(seed, history_of(seed));
  return histories;
}

class StoreFolder : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }

  StudyStore store() const { return {folder_ / "a", {ours, ours}}; }
  fs::path file(const std::string& name) const { return folder_ / "a" / name; }

  /// What the program says of the folder.
  std::string complaint() const {
    try {
      store().add_folder(folder_ / "a");
      StudyStore again = store();
      again.add_folder(folder_ / "a");
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_study_" + std::to_string(getpid()));
};

using Store = StoreFolder;

TEST_F(Store, GivesBackWhatItKeptToTheLastBit) {
  std::map<std::uint64_t, History> histories = histories_of({8, 11});
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  histories.at(9).epochs[1] = {not_a_number, 1e-310, std::numeric_limits<double>::infinity(), -0.0, 0.1};
  store().write(1, {8, 11}, histories);

  StudyStore again = store();
  again.add_folder(folder_ / "a");
  const std::map<std::uint64_t, History> read = again.read(1, {0, 100});
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read.at(8).epochs[0].loss, 8.0 / 3.0);
  EXPECT_EQ(read.at(10).epochs[1].loss, 10.0 / 3.0 / 7.0);
  EXPECT_EQ(read.at(10).updates, 12);
  EXPECT_FALSE(read.at(10).diverged);
  EXPECT_TRUE(std::isnan(read.at(9).epochs[1].loss));
  EXPECT_EQ(read.at(9).epochs[1].accuracy, 1e-310);
  EXPECT_TRUE(std::isinf(read.at(9).epochs[1].val_loss));
  EXPECT_TRUE(std::signbit(read.at(9).epochs[1].val_accuracy));
  EXPECT_TRUE(read.at(9).diverged);
  EXPECT_THAT(again.read(0, {0, 100}), IsEmpty());
}

TEST_F(Store, KnowsWhatIsMissing) {
  StudyStore kept = store();
  kept.write(0, {2, 4}, histories_of({2, 4}));
  kept.write(0, {6, 7}, histories_of({6, 7}));
  EXPECT_THAT(kept.missing(0, {0, 9}), ElementsAre(0, 1, 4, 5, 7, 8));
  EXPECT_THAT(kept.missing(0, {2, 4}), IsEmpty());
  EXPECT_THAT(kept.missing(0, {3, 7}), ElementsAre(4, 5));
  EXPECT_THAT(kept.missing(1, {0, 2}), ElementsAre(0, 1));
  EXPECT_TRUE(kept.holds(0, {2, 4}));
  EXPECT_TRUE(kept.holds(0, {3, 4}));
  EXPECT_FALSE(kept.holds(0, {2, 5}));
}

TEST_F(Store, RemovesOnlyWhatLiesWithin) {
  StudyStore kept = store();
  for (const SeedRange seeds : {SeedRange{0, 4}, SeedRange{4, 5}, SeedRange{7, 12}, SeedRange{20, 24}}) {
    kept.write(0, seeds, histories_of(seeds));
  }
  kept.remove_others(0, {0, 8}, {{0, 4}});
  EXPECT_TRUE(fs::exists(file("arm_00_seed_0.safetensors")));
  EXPECT_FALSE(fs::exists(file("arm_00_seed_4.safetensors")));
  EXPECT_TRUE(fs::exists(file("arm_00_seed_7.safetensors")));
  EXPECT_TRUE(fs::exists(file("arm_00_seed_20.safetensors")));
}

TEST_F(Store, TellsABlockOfAnotherStudy) {
  Identity other = ours;
  other["engine"] = "autograd";
  StudyStore(folder_ / "a", {ours, other}).write(1, {0, 2}, histories_of({0, 2}));
  EXPECT_THAT(complaint(), HasSubstr("arm_01_seed_0.safetensors: these results were computed by --engine autograd"));
  other = ours;
  other["configuration optimizer.nesterov"] = "true";
  StudyStore(folder_ / "a", {ours, other}).write(1, {0, 2}, histories_of({0, 2}));
  EXPECT_THAT(complaint(), HasSubstr("configuration optimizer.nesterov: found 'true', expected ''"));
}

TEST_F(Store, TellsABlockUnderAnothersName) {
  store().write(0, {0, 2}, histories_of({0, 2}));
  fs::rename(file("arm_00_seed_0.safetensors"), file("arm_00_seed_1.safetensors"));
  EXPECT_THAT(complaint(), HasSubstr("arm_00_seed_1.safetensors: found seeds from 0 in it"));
  fs::rename(file("arm_00_seed_1.safetensors"), file("arm_07_seed_0.safetensors"));
  EXPECT_THAT(complaint(), HasSubstr("of one of 2 arms"));
}

// Every byte of a block, changed by hand; and every length, cut short.
TEST_F(Store, TrustsNoDamagedBlock) {
  store().write(0, {0, 2}, histories_of({0, 2}));
  const fs::path block = file("arm_00_seed_0.safetensors");
  std::ifstream stream(block, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(stream), {}};
  const auto write = [&](const std::string& bytes) { std::ofstream(block, std::ios::binary) << bytes; };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    write(damaged);
    EXPECT_THAT(complaint(), HasSubstr("arm_00_seed_0.safetensors: ")) << "byte " << i;
  }
  for (std::size_t length = 0; length < whole.size(); length += 13) {
    write(whole.substr(0, length));
    EXPECT_THAT(complaint(), HasSubstr("arm_00_seed_0.safetensors: ")) << length << " bytes";
  }
  write(whole);
  EXPECT_EQ(complaint(), "");
}

TEST_F(Store, TellsASeedThatTwoFoldersHave) {
  store().write(0, {0, 5}, histories_of({0, 5}));
  StudyStore(folder_ / "b", {ours, ours}).write(0, {4, 8}, histories_of({4, 8}));
  StudyStore both = store();
  both.add_folder(folder_ / "a");
  both.require_no_seed_twice();
  both.add_folder(folder_ / "b");
  try {
    both.require_no_seed_twice();
    FAIL() << "expected a complaint";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("arm 0 (one): seeds 4 to 4 are in "));
  }
}

}  // namespace
}  // namespace touchstone
