#pragma once

#include <filesystem>

#include "experiment/node.h"

namespace touchstone {

/// Makes the text at data.csv.path below `root`, if there is one, a path from the file system's root: against
/// the working folder where it is an override, else against `folder`.
void make_data_path_absolute(Node& root, const std::filesystem::path& folder);

}  // namespace touchstone
