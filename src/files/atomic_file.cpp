#include "files/atomic_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>

namespace touchstone {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw EnvironmentError(
      fmt::format("{}: cannot be written: {}", file.string(), std::generic_category().message(error)));
}

constexpr std::string_view mark = ".touchstone-";  // of nobody else's files
constexpr std::string_view extension = ".tmp";
constexpr std::size_t digits = 8;

/// A name that nobody can foresee, so nobody can prepare a link under it.
std::string temporary_name(const fs::path& file) {
  return fmt::format("{}{}{:0{}x}{}", file.string(), mark, std::random_device()(), digits, extension);
}

bool is_temporary(const std::string& name) {
  const std::size_t at = name.rfind(mark);
  const std::size_t end = at + mark.size() + digits;
  return at != std::string::npos && name.find_first_not_of("0123456789abcdef", at + mark.size()) == end &&
         name.substr(end) == extension;
}

bool is_linked(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

/// Where a link leads; the path itself if it is no link, or one that leads nowhere.
fs::path followed(const fs::path& file) {
  std::error_code error;
  if (!fs::is_symlink(file, error)) return file;
  fs::path end = fs::canonical(file, error);
  return error ? file : end;
}

bool exists_and_is_not_regular(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  return fs::exists(status) && !fs::is_regular_file(status);
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& file) : target_(followed(file)) {
  if (exists_and_is_not_regular(target_)) {
    descriptor_ = open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor_ < 0) fail(target_, errno);
    return;
  }
  std::error_code error;
  if (target_.has_parent_path()) fs::create_directories(target_.parent_path(), error);
  if (error) fail(target_, error.value());
  open_temporary();
}

void AtomicFile::open_temporary() {
  while (true) {
    temporary_ = temporary_name(target_);
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail(target_, errno);
    // Before the lock, another process may take the file for one that a killed process left, and remove it.
    const bool is_taken = flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!is_taken && is_linked(descriptor_)) return;
    close(descriptor_);
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  if (!temporary_.empty()) unlink(temporary_.c_str());
  close(descriptor_);
}

void AtomicFile::write(std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  if (fsync(descriptor_) != 0 && errno != EINVAL) fail(target_, errno);
  if (!temporary_.empty()) {
    if (rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, errno);
    temporary_.clear();
    flush_folder();
  }
  const int closed = close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail(target_, errno);
}

/// Makes the new name survive a loss of power. A file system that cannot do this is not reported.
void AtomicFile::flush_folder() const {
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

void write_file_atomically(const fs::path& file, std::string_view content) {
  AtomicFile whole(file);
  whole.write(content);
  whole.commit();
}

void remove_temporary_files(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? fs::path(".") : folder, error)) {
    if (!is_temporary(entry.path().filename().string())) continue;
    const int descriptor = open(entry.path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) unlink(entry.path().c_str());
    close(descriptor);
  }
}

}  // namespace touchstone
