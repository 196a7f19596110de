#pragma once

#include <filesystem>
#include <string_view>

#include "files/file_error.h"

namespace touchstone {

/// Writes `content` under a temporary name beside `file`, flushes it to disk and renames it, so that `file`
/// is always whole: the old one, the new one, or none. Creates missing folders. Throws FileError with the
/// system's reason (disk full, read-only, ...), leaving nothing behind.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace touchstone
