#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "training/experiment_data.h"

namespace touchstone {

/// An experiment with its overrides, and its data: nothing can be wrong once the first update runs.
struct LoadedExperiment {
  Experiment experiment;
  ExperimentData data;
};

/// Throws ConfigError or DataError.
LoadedExperiment load_with_data(const std::filesystem::path& file, const std::vector<std::string>& overrides);

/// How many updates all its arms make.
std::int64_t count_updates(const LoadedExperiment& loaded);

/// The experiments, by name, whose chain of `extends` leads to `definition`, among the files beside it. A file that is
/// no experiment is passed over.
std::vector<std::string> users_of(const Experiment& definition);

}  // namespace touchstone
