#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "files/errors.h"

namespace touchstone {

/// Writes a file atomically: under a temporary name beside its own, renamed once its content is on the disk. Readers
/// see the old file, the new one, or none. Creates missing folders. A symbolic link is followed. What exists and is not
/// a regular file (a pipe, a device) is written to directly, never replaced. Every method throws EnvironmentError with
/// the system's reason (disk full, read-only, ...) and leaves nothing behind.
///
/// The temporary file is locked (flock) while its process lives, so remove_temporary_files recognizes those of killed
/// processes.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& file);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();  ///< without commit(), nothing has happened

  void write(std::string_view content);
  void commit();

 private:
  void open_temporary();
  void flush_folder() const;

  std::filesystem::path target_;
  std::string temporary_;  ///< empty if the target is written to directly
  int descriptor_ = -1;
};

/// Writes `content` to a file atomically.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// Removes temporary files of killed processes from `folder`, but not from its subfolders.
void remove_temporary_files(const std::filesystem::path& folder);

}  // namespace touchstone
