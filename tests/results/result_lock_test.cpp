#include "results/result_lock.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/atomic_file.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

class ResultLocks : public testing::Test {
 protected:
  ~ResultLocks() override { fs::remove_all(folder_); }

  /// Whether another process may claim the folder.
  bool is_free(ResultLock::Mode mode) const {
    const pid_t child = fork();
    if (child == 0) {
      try {
        const ResultLock lock(folder_, mode);
        _exit(0);
      } catch (const EnvironmentError&) {
        _exit(1);
      }
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 0;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_lock_" + std::to_string(getpid()));
};

TEST_F(ResultLocks, ExcludeAllButShards) {
  using Mode = ResultLock::Mode;
  {
    const ResultLock lock(folder_);
    EXPECT_FALSE(is_free(Mode::exclusive));
    EXPECT_FALSE(is_free(Mode::shared));
  }
  {
    const ResultLock lock(folder_, Mode::shared);
    EXPECT_FALSE(is_free(Mode::exclusive));
    EXPECT_TRUE(is_free(Mode::shared));
  }
  EXPECT_TRUE(is_free(Mode::exclusive));
}

TEST_F(ResultLocks, RemoveWhatKilledProcessesLeftEverywhereBelow) {
  for (const char* file : {"study.csv", "arm_00/history.csv", "study/arm_00_seed_0.safetensors", "figures/a.gp"}) {
    write_file_atomically(folder_ / (std::string(file) + ".touchstone-0123abcd.tmp"), "half");
  }
  write_file_atomically(folder_ / "arm_00" / "history.csv", "whole");
  const ResultLock lock(folder_);
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) left.push_back(entry.path().filename().string());
  }
  EXPECT_THAT(left, testing::ElementsAre("history.csv"));
}

}  // namespace
}  // namespace touchstone
