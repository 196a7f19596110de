#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "results/result.h"
#include "study/statistics.h"
#include "study/store.h"

namespace touchstone {

/// An arm's statistics after the last epoch.
struct ArmEstimates {
  Estimate loss;
  Estimate accuracy;
  Estimate val_loss;
  Estimate val_accuracy;
};

/// A complete study, with medians and bands.
struct StudyResult {
  ExperimentResult study;
  std::vector<ArmEstimates> estimates;  ///< of each arm
};

/// The seeds of a study.
SeedRange seeds_of(const ExperimentResult& study);

/// Throws UserError, naming the arm and its first missing seed, unless all seeds are stored.
void require_all_seeds(const ExperimentResult& study, const StudyStore& store);

/// Completes a study whose seeds are all stored: re-cuts the blocks to their standard size and writes
/// `folder/study.csv`, `folder/bands.csv` and the manifest. `study` has no histories. Memory is bounded: the values of
/// all seeds for a few epochs at a time. Throws UserError, as require_all_seeds does, EnvironmentError, and Interrupted
/// once `stop` returns true.
StudyResult join_study(
    ExperimentResult study, StudyStore& store, const std::filesystem::path& folder, std::size_t jobs,
    const std::function<bool()>& stop = [] { return false; });

}  // namespace touchstone
