#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "training/experiment_data.h"

namespace touchstone {

/// An experiment with its overrides applied and its data loaded, so that input errors appear before training starts.
struct LoadedExperiment {
  Experiment experiment;
  ExperimentData data;
};

/// Throws UserError or UserError.
LoadedExperiment load_with_data(const std::filesystem::path& file, const std::vector<std::string>& overrides);

/// The total number of updates of all arms.
std::int64_t count_updates(const LoadedExperiment& loaded);

/// The experiments, by name, whose chain of `extends` leads to `definition`, among the files beside it. A file that is
/// no experiment is passed over.
std::vector<std::string> users_of(const Experiment& definition);

}  // namespace touchstone
