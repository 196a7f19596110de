#include "results/result_lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "files/atomic_file.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& folder, const std::string& message) {
  throw EnvironmentError(fmt::format("{}: {}", folder.string(), message));
}

}  // namespace

ResultLock::ResultLock(const fs::path& folder, Mode mode) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, fmt::format("cannot be written: {}", error.message()));
  descriptor_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) fail(folder, fmt::format("cannot be opened: {}", std::generic_category().message(errno)));
  if (flock(descriptor_, (mode == Mode::exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(descriptor_);
    fail(folder, "another touchstone process is writing there; wait for it to end, or choose another --results");
  }
  remove_temporary_files(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_directory(error) && !entry.is_symlink(error)) remove_temporary_files(entry.path());
  }
}

ResultLock::~ResultLock() { close(descriptor_); }

}  // namespace touchstone
