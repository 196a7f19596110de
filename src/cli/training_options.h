#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "training/train_arms.h"

namespace touchstone {

/// The options of all commands that train: engine, device, precision, jobs.
struct TrainingOptions {
  std::vector<std::string> overrides;
  TrainOptions train;
  std::string engine;
  std::string dtype;
};

void add_training_options(Options& options);

/// Throws UsageError, or EnvironmentFault if the device does not exist. The seed is a separate option.
TrainingOptions read_training_options(const ParsedOptions& parsed);

void add_seed_option(Options& options);
/// Throws UsageError.
std::uint32_t read_seed(const ParsedOptions& parsed);

}  // namespace touchstone
