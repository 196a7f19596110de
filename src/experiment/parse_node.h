#pragma once

#include <filesystem>
#include <string>

#include "experiment/node.h"

namespace touchstone {

/// YAML text to a tree. `source` names it in origins. Stricter than yaml-cpp: one document, no duplicate
/// keys, no tags, scalar keys only, bounded size, depth and count (aliases are expanded). Throws UserError.
Node parse_yaml(const std::string& text, const std::string& source);

/// The YAML file's tree; its origins are FILE:LINE:COLUMN. Throws UserError, also for a file that
/// cannot be read.
Node parse_yaml_file(const std::filesystem::path& file);

/// JSON text to a tree; its origins are `source`. No duplicate keys, bounded depth. Throws UserError.
Node parse_json(const std::string& text, const std::string& source);

}  // namespace touchstone
