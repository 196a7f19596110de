#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "training/train_arms.h"

namespace touchstone {

/// The options of all commands that train: engine, device, precision.
struct TrainingOptions {
  std::vector<std::string> overrides;
  TrainOptions train;
  std::string engine;
  std::string dtype;
};

/// `default_engine`: where --engine is not given; nothing: fused on the CPU, autograd elsewhere.
void add_training_options(Options& options, const std::optional<std::string>& default_engine = "autograd");

/// Throws UserError, or EnvironmentError if the device does not exist. The seed is a separate option.
TrainingOptions read_training_options(const ParsedOptions& parsed);

void add_jobs_option(Options& options);
/// How much is done in parallel: all cores, unless the option says otherwise. Throws UserError.
std::size_t read_jobs(const ParsedOptions& parsed);

void add_seed_option(Options& options);
/// Throws UserError.
std::uint32_t read_seed(const ParsedOptions& parsed);

}  // namespace touchstone
