#pragma once

#include <filesystem>
#include <string>

#include "experiment/node.h"

namespace touchstone {

/// The file that `extends: name` in `file` means: one beside it, with or without ".yaml", or an experiment that
/// locate_by_name finds ("cell_02"). Throws UserError.
std::filesystem::path base_file(const std::filesystem::path& file, const std::string& name);

/// The file's tree on top of those it extends, farthest first: maps merge deeply, all else replaces;
/// `data.csv` replaces `data.make_blobs`, and the other way round. What
/// names a file (cell, kind, title, description) is not inherited. `data.csv.path` is made absolute against
/// the file it stands in. Throws UserError for a missing file or a cycle.
Node load_extended(const std::filesystem::path& file);

}  // namespace touchstone
