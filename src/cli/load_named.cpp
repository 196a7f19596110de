#include "cli/load_named.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>

#include "cli/exit_codes.h"
#include "cli/print_status.h"
#include "experiment/load.h"
#include "experiment/locate.h"
#include "files/errors.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// Two files with the same name would overwrite each other's results.
void require_own_folders(const std::vector<LoadedExperiment>& experiments) {
  std::map<std::string, fs::path> files;
  for (const auto& [experiment, data] : experiments) {
    const auto [other, is_new] = files.emplace(experiment.name, experiment.file);
    if (!is_new) {
      throw UserError(fmt::format("{} and {}: both would write the results of '{}', expected files of different names",
                                  other->second.string(), experiment.file.string(), experiment.name));
    }
  }
}

}  // namespace

std::vector<LoadedExperiment> load_named(const ParsedOptions& parsed, const std::vector<std::string>& overrides) {
  std::vector<LoadedExperiment> experiments;
  if (parsed.has("names")) {
    for (const auto& name : parsed.texts("names")) {
      experiments.push_back(load_with_data(locate_experiment(name), overrides));
    }
    require_own_folders(experiments);
    return experiments;
  }
  for (const fs::path& file : locate_all_experiments()) {
    const Kind kind = load_experiment(file, {}, vocabulary()).kind;
    if (kind == Kind::definition) continue;
    experiments.push_back(load_with_data(file, kind == Kind::training ? overrides : std::vector<std::string>{}));
  }
  return experiments;
}

void print_warnings(const std::vector<LoadedExperiment>& experiments) {
  for (const LoadedExperiment& loaded : experiments) {
    for (const std::string& warning : data_warnings(loaded.experiment, loaded.data)) {
      print_status("touchstone: warning: {}\n", warning);
    }
  }
}

}  // namespace touchstone
