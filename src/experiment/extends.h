#pragma once

#include <filesystem>

#include "experiment/node.h"

namespace touchstone {

/// The file's tree on top of those it extends, farthest first: maps merge deeply, all else replaces. What
/// names a file (cell, kind, title, description) is not inherited. `data.csv.path` is made absolute against
/// the file it stands in. Throws UserError for a missing file or a cycle.
Node load_extended(const std::filesystem::path& file);

}  // namespace touchstone
