#pragma once

#include <filesystem>
#include <functional>

#include "results/result.h"

namespace touchstone {

/// Writes `folder/epochs.csv` from the stored runs of a complete study: one row per arm, seed and epoch. Throws
/// EnvironmentError, and Interrupted once `stop` returns true.
void write_epochs_table(const ExperimentResult& study, const std::filesystem::path& folder,
                        const std::function<bool()>& stop);

}  // namespace touchstone
