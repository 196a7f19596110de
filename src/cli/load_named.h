#pragma once

#include <vector>

#include "cli/options.h"
#include "run/loaded_experiment.h"

namespace touchstone {

/// Loads the experiments given by `names` and applies the overrides. Without names: the whole notebook without
/// definitions, and overrides apply to the experiments that train. Throws UserError (also if two files have the same
/// name), UserError and UserError.
std::vector<LoadedExperiment> load_named(const ParsedOptions& parsed, const std::vector<std::string>& overrides);

/// Prints what a user should know of the experiments' data, on stderr.
void print_warnings(const std::vector<LoadedExperiment>& experiments);

}  // namespace touchstone
