#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace touchstone {

/// The folders of experiment files, of which the first is the notebook's: the one that $TOUCHSTONE_EXPERIMENTS names,
/// alone; or, from whatever folder the program is called, the one that belongs to it (in the source tree that it was
/// built in, or in share/ where it is installed), and then ./experiments. Throws UsageError if there is none.
std::vector<std::filesystem::path> experiments_folders();

/// The file that `name` means: a path to a YAML file; a cell ("3", "cell_3"); an experiment's name; or the start of
/// exactly one ("text_time"). Throws UsageError with a suggestion.
std::filesystem::path locate_experiment(const std::string& name);

/// All of the notebook's, definitions included, in the notebook's order.
std::vector<std::filesystem::path> locate_all_experiments();

}  // namespace touchstone
