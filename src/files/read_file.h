#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "files/file_error.h"

namespace touchstone {

/// All bytes of a regular file. Throws FileError (cannot_read) for one that is missing, is no regular file (a pipe or a
/// device may have no end), cannot be read, or has more than `max_bytes`; nothing is read of it then.
std::string read_file(const std::filesystem::path& file, std::uint64_t max_bytes);

}  // namespace touchstone
