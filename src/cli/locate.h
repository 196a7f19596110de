#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace touchstone {

/// The folder of the experiment files: $TOUCHSTONE_EXPERIMENTS, else ./experiments, else the installed one.
/// Throws UsageError if there is none.
std::filesystem::path experiments_folder();

/// The file that `name` means: a path to a YAML file; or an experiment's name, or the start of exactly one
/// ("cell_03"). Throws UsageError with a suggestion.
std::filesystem::path locate_experiment(const std::string& name);

/// All of the notebook's, definitions included, in the notebook's order.
std::vector<std::filesystem::path> locate_all_experiments();

}  // namespace touchstone
