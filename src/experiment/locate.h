#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace touchstone {

/// The folders that are searched for experiments; the first has the notebook's. If $TOUCHSTONE_EXPERIMENTS is set, only
/// that one. Otherwise the program's own folder (of the source tree, or share/ of the installation), then
/// ./experiments. Throws UserError if there is none.
std::vector<std::filesystem::path> experiments_folders();

/// Finds an experiment's file. `name` is a path to a YAML file; a cell ("3", "cell_3"); an experiment's name; or the
/// start of exactly one ("text_time"). Throws UserError with a suggestion.
std::filesystem::path locate_experiment(const std::string& name);

/// The same for a name that is no path.
std::filesystem::path locate_by_name(const std::string& name);

/// The `*.yaml` files of a folder, sorted by name. Throws UserError if it cannot be read.
std::vector<std::filesystem::path> experiment_files(const std::filesystem::path& folder);

/// All files of the notebook, definitions included, in the notebook's order.
std::vector<std::filesystem::path> locate_all_experiments();

}  // namespace touchstone
