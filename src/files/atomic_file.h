#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "files/file_error.h"

namespace touchstone {

/// A file that is written under a temporary name beside its own, and renamed once it is whole and on the disk: so that
/// the file is always whole, the old one, the new one, or none. Creates missing folders. Every method throws FileError
/// with the system's reason (disk full, read-only, ...), and nothing is left behind then.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& file);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();  ///< without commit(), nothing has happened

  void write(std::string_view content);
  void commit();

 private:
  void flush_folder() const;

  std::filesystem::path target_;
  std::string path_;
  int descriptor_ = -1;
  bool committed_ = false;
};

/// Writes a file that is `content`, in this way.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// Removes the temporary files that a process left in `folder` when it was killed.
void remove_temporary_files(const std::filesystem::path& folder);

}  // namespace touchstone
