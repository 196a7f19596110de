#include "files/atomic_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>

namespace touchstone {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw FileError(FileError::Fault::cannot_write,
                  fmt::format("{}: cannot be written: {}", file.string(), std::generic_category().message(error)));
}

/// A file that removes itself unless it has been renamed into place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target)
      : target_(target), path_(fmt::format("{}.tmp{:08x}", target.string(), std::random_device()())) {
    // A name that nobody can foresee, and a file that was not there before.
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(target_, errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!committed_) unlink(path_.c_str());
  }

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(target_, errno);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void commit() {
    if (fsync(descriptor_) != 0 && errno != EINVAL) fail(target_, errno);
    const int closed = close(descriptor_);
    descriptor_ = -1;
    if (closed != 0 || rename(path_.c_str(), target_.c_str()) != 0) fail(target_, errno);
    committed_ = true;
    flush_folder();
  }

 private:
  /// So that the new name outlasts a loss of power too; a file system that cannot do that is none of ours.
  void flush_folder() const {
    const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
  }

  fs::path target_;
  std::string path_;
  int descriptor_ = -1;
  bool committed_ = false;
};

}  // namespace

void write_file_atomically(const fs::path& file, std::string_view content) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error) fail(file, error.value());
  TemporaryFile temporary(file);
  temporary.write(content);
  temporary.commit();
}

}  // namespace touchstone
