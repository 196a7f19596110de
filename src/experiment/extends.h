#pragma once

#include <filesystem>

#include "experiment/node.h"

namespace touchstone {

/// The file's tree on top of those it extends, nearest last. What names a file (cell, kind, title,
/// description) is not inherited. Paths to data are made absolute against the file they stand in.
/// Throws ConfigError for a missing file or a cycle.
Node load_extended(const std::filesystem::path& file);

}  // namespace touchstone
