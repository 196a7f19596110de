#pragma once

#include <filesystem>

namespace touchstone {

/// Removes a file, or a folder if it is empty; a folder with other files stays. A missing file is not an error. Throws
/// EnvironmentError.
void remove_result(const std::filesystem::path& path);

}  // namespace touchstone
