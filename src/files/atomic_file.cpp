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

constexpr std::string_view mark = ".tmp";
constexpr std::size_t mark_digits = 8;

/// A name that nobody can foresee.
std::string temporary_name(const fs::path& file) {
  return fmt::format("{}{}{:0{}x}", file.string(), mark, std::random_device()(), mark_digits);
}

bool is_temporary(const std::string& name) {
  const std::size_t at = name.rfind(mark);
  return at != std::string::npos && name.find_first_not_of("0123456789abcdef", at + mark.size()) == std::string::npos &&
         name.size() == at + mark.size() + mark_digits;
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& file) : target_(file), path_(temporary_name(file)) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error) fail(file, error.value());
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(target_, errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!committed_) unlink(path_.c_str());
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
  const int closed = close(descriptor_);
  descriptor_ = -1;
  if (closed != 0 || rename(path_.c_str(), target_.c_str()) != 0) fail(target_, errno);
  committed_ = true;
  flush_folder();
}

/// So that the new name outlasts a loss of power too; a file system that cannot do that is none of ours.
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
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (is_temporary(entry.path().filename().string())) fs::remove(entry.path(), error);
  }
}

}  // namespace touchstone
