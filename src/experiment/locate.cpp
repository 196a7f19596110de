#include "experiment/locate.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <system_error>

#include "experiment/suggestion.h"
#include "files/errors.h"

namespace touchstone {

namespace fs = std::filesystem;

namespace {

/// The experiments folder that belongs to the program, in a source tree or an installation.
std::optional<fs::path> programs_own_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::path folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    for (const fs::path& candidate : {folder / "experiments", folder / "share/touchstone/experiments"}) {
      if (fs::is_regular_file(candidate / "cell_01_scatter.yaml", error)) return candidate;
    }
  }
  if (fs::is_directory(TOUCHSTONE_INSTALLED_EXPERIMENTS, error)) return TOUCHSTONE_INSTALLED_EXPERIMENTS;
  return std::nullopt;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 6 && text.find_first_not_of("0123456789") == std::string::npos;
}

/// The file name prefix of a cell: "cell_03_" for "3" or "cell_3"; nothing for other names.
std::optional<std::string> cell_prefix(const std::string& name) {
  const std::string prefix = "cell_";
  const std::string number = boost::starts_with(name, prefix) ? name.substr(prefix.size()) : name;
  if (!is_number(number)) return std::nullopt;
  return fmt::format("cell_{:02}_", std::stoi(number));
}

}  // namespace

std::vector<fs::path> experiments_folders() {
  if (const char* folder = std::getenv("TOUCHSTONE_EXPERIMENTS"); folder != nullptr) {
    if (!fs::is_directory(folder)) {
      throw UserError(fmt::format("TOUCHSTONE_EXPERIMENTS: found '{}', expected a folder", folder));
    }
    return {folder};
  }
  std::vector<fs::path> folders;
  if (const auto own = programs_own_folder()) folders.push_back(*own);
  std::error_code error;
  const fs::path here = "experiments";
  if (fs::is_directory(here, error) && (folders.empty() || !fs::equivalent(here, folders[0], error))) {
    folders.push_back(here);
  }
  if (folders.empty()) {
    throw UserError("no experiments: expected a folder 'experiments' here, or TOUCHSTONE_EXPERIMENTS to name one");
  }
  return folders;
}

std::vector<fs::path> experiment_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::error_code not_readable;
    if (entry.path().extension() == ".yaml" && entry.is_regular_file(not_readable)) files.push_back(entry.path());
  }
  if (error) throw UserError(fmt::format("{}: expected a folder that can be read", folder.string()));
  std::sort(files.begin(), files.end());
  return files;
}

fs::path locate_experiment(const std::string& name) {
  const fs::path as_path = name;
  if (as_path.has_parent_path() || as_path.extension() == ".yaml" || as_path.extension() == ".yml") {
    if (fs::is_regular_file(as_path)) return as_path;
    if (as_path.has_parent_path()) throw UserError(fmt::format("{}: no such file", name));
  }
  return locate_by_name(name);
}

fs::path locate_by_name(const std::string& name) {
  const fs::path as_path = name;
  const std::string stem = as_path.extension() == ".yaml" ? as_path.stem().string() : name;
  const std::string beginning = cell_prefix(stem).value_or(stem);

  std::vector<std::string> names;
  std::vector<fs::path> matches;
  for (const fs::path& folder : experiments_folders()) {
    for (const fs::path& file : experiment_files(folder)) {
      names.push_back(file.stem().string());
      if (names.back() == stem) return file;
      if (!beginning.empty() && boost::starts_with(names.back(), beginning)) matches.push_back(file);
    }
    if (matches.size() == 1) break;
  }
  if (matches.size() == 1) return matches.front();
  if (matches.size() > 1) {
    std::vector<std::string> candidates;
    for (const fs::path& match : matches) candidates.push_back(match.stem().string());
    throw UserError(fmt::format("several experiments begin with '{}': {}", name, fmt::join(candidates, ", ")));
  }
  std::vector<std::string> containing;
  const std::string part = boost::replace_all_copy(boost::to_lower_copy(stem), " ", "_");
  std::copy_if(names.begin(), names.end(), std::back_inserter(containing),
               [&](const std::string& each) { return !part.empty() && boost::contains(each, part); });
  const std::string did_you_mean =
      containing.empty() ? suggestion(stem, names) : fmt::format(" (did you mean {}?)", fmt::join(containing, " or "));
  throw UserError(fmt::format("unknown experiment '{}'{}; touchstone list prints all", name, did_you_mean));
}

std::vector<fs::path> locate_all_experiments() { return experiment_files(experiments_folders().front()); }

}  // namespace touchstone
