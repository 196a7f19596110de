#include "run/loaded_experiment.h"

#include "data/dataset.h"
#include "experiment/extends.h"
#include "experiment/load.h"
#include "experiment/locate.h"
#include "files/errors.h"
#include "training/train_arms.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

bool uses(fs::path file, const fs::path& definition) {
  try {
    std::string base = load_experiment(file, {}, vocabulary()).extends;
    while (!base.empty()) {
      file = base_file(file, base);
      if (fs::equivalent(file, definition)) return true;
      base = load_experiment(file, {}, vocabulary()).extends;
    }
  } catch (const UserError&) {
    return false;
  }
  return false;
}

}  // namespace

LoadedExperiment load_with_data(const fs::path& file, const std::vector<std::string>& overrides) {
  LoadedExperiment loaded{load_experiment(file, overrides, vocabulary()), {}};
  loaded.data = load_data(loaded.experiment);
  return loaded;
}

std::int64_t count_updates(const LoadedExperiment& loaded) {
  std::int64_t updates = 0;
  for (std::size_t i = 0; i < loaded.experiment.arms.size(); ++i) {
    if (const auto* config = std::get_if<RunConfig>(&loaded.experiment.arms[i].config)) {
      updates += count_updates(*config, static_cast<std::int64_t>(loaded.data[i]->train.rows()));
    }
  }
  return updates;
}

std::vector<std::string> users_of(const Experiment& definition) {
  const fs::path folder = definition.file.parent_path();
  std::vector<std::string> users;
  for (const fs::path& file : experiment_files(folder.empty() ? fs::path(".") : folder)) {
    if (uses(file, definition.file)) users.push_back(file.stem().string());
  }
  return users;
}

}  // namespace touchstone
