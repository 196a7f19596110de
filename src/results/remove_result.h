#pragma once

#include <filesystem>

namespace touchstone {

/// Removes a file, or a folder if it is empty: one in which its owner keeps more than a result's files stays. Nothing
/// happens if there is none. Throws FileError.
void remove_result(const std::filesystem::path& path);

}  // namespace touchstone
