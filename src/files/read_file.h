#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "files/errors.h"

namespace touchstone {

/// The largest file that is read into memory.
inline constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 32U;

/// All bytes of a regular file. Throws UserError for one that is missing, is no regular file (a pipe or a
/// device may have no end), cannot be read, or has more than `max_bytes`; nothing is read of it then.
std::string read_file(const std::filesystem::path& file, std::uint64_t max_bytes = max_file_bytes);

}  // namespace touchstone
