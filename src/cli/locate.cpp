#include "cli/locate.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "cli/errors.h"
#include "experiment/load.h"
#include "experiment/suggestion.h"

namespace touchstone {

namespace fs = std::filesystem;

fs::path experiments_folder() {
  if (const char* folder = std::getenv("TOUCHSTONE_EXPERIMENTS"); folder != nullptr) {
    if (!fs::is_directory(folder)) {
      throw UsageError(fmt::format("TOUCHSTONE_EXPERIMENTS: found '{}', expected a folder", folder));
    }
    return folder;
  }
  for (const char* folder : {"experiments", TOUCHSTONE_INSTALLED_EXPERIMENTS}) {
    if (fs::is_directory(folder)) return folder;
  }
  throw UsageError("no experiments: expected a folder 'experiments' here, or TOUCHSTONE_EXPERIMENTS to name one");
}

fs::path locate_experiment(const std::string& name) {
  fs::path as_path = name;
  if (as_path.has_parent_path() || as_path.extension() == ".yaml" || as_path.extension() == ".yml") {
    if (fs::is_regular_file(as_path)) return as_path;
    if (as_path.has_parent_path()) throw UsageError(fmt::format("{}: no such file", name));
  }
  const std::string stem = as_path.extension() == ".yaml" ? as_path.stem().string() : name;

  std::vector<std::string> names;
  std::vector<fs::path> matches;
  for (const fs::path& file : locate_all_experiments()) {
    names.push_back(file.stem().string());
    if (names.back() == stem) return file;
    if (!stem.empty() && names.back().rfind(stem, 0) == 0) matches.push_back(file);
  }
  if (matches.size() == 1) return matches.front();
  if (matches.size() > 1) {
    std::vector<std::string> candidates;
    for (const fs::path& match : matches) candidates.push_back(match.stem().string());
    throw UsageError(fmt::format("'{}' is the start of several experiments: {}", name, fmt::join(candidates, ", ")));
  }
  throw UsageError(
      fmt::format("no experiment is called '{}'{} (touchstone list names them all)", name, suggestion(stem, names)));
}

std::vector<fs::path> locate_all_experiments() { return experiment_files(experiments_folder()); }

}  // namespace touchstone
