#pragma once

#include <vector>

#include "cli/options.h"
#include "run/loaded_experiment.h"

namespace touchstone {

/// The experiments that `names` asks for, each with the overrides. The whole notebook, if none is asked for: then
/// definitions are left out, and overrides are for what trains. Throws UsageError, also for two files that would write
/// over each other's results, ConfigError and DataError.
std::vector<LoadedExperiment> load_named(const ParsedOptions& parsed, const std::vector<std::string>& overrides);

}  // namespace touchstone
