#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "training/train_arms.h"

namespace touchstone {

/// The options that say how runs are made, common to the commands that make them.
struct TrainingOptions {
  std::vector<std::string> overrides;
  TrainOptions train;
  std::string engine;
  std::string dtype;
};

void add_training_options(Options& options);

/// Throws UsageError, or EnvironmentFault for a device that is not there. The seed is an option of its own.
TrainingOptions read_training_options(const ParsedOptions& parsed);

void add_seed_option(Options& options);
/// Throws UsageError.
std::uint32_t read_seed(const ParsedOptions& parsed);

}  // namespace touchstone
