#include "files/atomic_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

namespace touchstone {
namespace {

namespace fs = std::filesystem;

class AtomicFiles : public testing::Test {
 protected:
  AtomicFiles() { fs::create_directories(folder_); }
  ~AtomicFiles() override { fs::remove_all(folder_); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    return names;
  }
  static std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_atomic_" + std::to_string(getpid()));
};

// Nobody can prepare a link under the temporary name, since nobody knows it; the folder's permissions are the user's.
TEST_F(AtomicFiles, HaveTheUsersPermissions) {
  const mode_t mask = umask(027);
  write_file_atomically(folder_ / "file", "text");
  umask(mask);
  EXPECT_EQ(fs::status(folder_ / "file").permissions(), static_cast<fs::perms>(0640));
}

TEST_F(AtomicFiles, ReplaceTheWholeFile) {
  write_file_atomically(folder_ / "deep" / "file", "first, and longer");
  write_file_atomically(folder_ / "deep" / "file", "second");
  EXPECT_EQ(text_of(folder_ / "deep" / "file"), "second");
}

TEST_F(AtomicFiles, SayWhyTheyCannotBeWritten) {
  write_file_atomically(folder_ / "file", "a file, no folder");
  try {
    write_file_atomically(folder_ / "file" / "below", "");
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("Not a directory"));
  }
}

// A limit on the file size stands in for a full disk: the write fails half-way, as it would there.
TEST_F(AtomicFiles, LeaveNothingHalfWritten) {
  write_file_atomically(folder_ / "file", "old");
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file_atomically(folder_ / "file", std::string(5000, 'x'));
    } catch (const EnvironmentError&) {
      _exit(3);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(files(), testing::ElementsAre("file"));
  EXPECT_EQ(text_of(folder_ / "file"), "old");
}

TEST_F(AtomicFiles, OfAKilledProcessAreRemovedThoseOfALivingOneStay) {
  const pid_t child = fork();
  if (child == 0) {
    AtomicFile file(folder_ / "killed");
    file.write("half of it");
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  AtomicFile living(folder_ / "living");
  living.write("whole");
  write_file_atomically(folder_ / "notes.touchstone-12345678.tmp.txt", "the user's");
  ASSERT_EQ(files().size(), 3U);
  remove_temporary_files(folder_);
  EXPECT_EQ(files().size(), 2U);
  living.commit();
  EXPECT_THAT(files(), testing::UnorderedElementsAre("living", "notes.touchstone-12345678.tmp.txt"));
  EXPECT_EQ(text_of(folder_ / "living"), "whole");
}

// A device or a pipe is written to; replaced by a file, it would be gone for all.
TEST_F(AtomicFiles, WriteThroughWhatIsNoRegularFile) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  write_file_atomically(pipe, "through it");
  std::string read_back(10, ' ');
  EXPECT_EQ(read(reader, read_back.data(), read_back.size()), 10);
  close(reader);
  EXPECT_EQ(read_back, "through it");
  EXPECT_TRUE(fs::is_fifo(pipe));
  write_file_atomically("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_THROW(write_file_atomically(folder_, "text"), EnvironmentError);
}

TEST_F(AtomicFiles, FollowLinks) {
  write_file_atomically(folder_ / "file", "old");
  fs::create_symlink(folder_ / "file", folder_ / "link");
  write_file_atomically(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(text_of(folder_ / "file"), "new");
}

}  // namespace
}  // namespace touchstone
