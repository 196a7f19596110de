#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "results/result.h"
#include "study/statistics.h"
#include "study/store.h"

namespace touchstone {

/// What a study found of an arm after its last epoch.
struct ArmEstimates {
  Estimate loss;
  Estimate accuracy;
  Estimate val_loss;
  Estimate val_accuracy;
};

/// A study that is whole: its arms have their medians and bands.
struct StudyResult {
  ExperimentResult study;
  std::vector<ArmEstimates> estimates;  ///< of each arm
};

/// The seeds of a study.
SeedRange seeds_of(const ExperimentResult& study);

/// Throws FileError, naming an arm and its first seed that is not kept, unless all are.
void require_all_seeds(const ExperimentResult& study, const StudyStore& store);

/// Brings a study whose seeds are all kept to its end: cuts the blocks as one undisturbed study has them, and writes
/// `folder/study.csv`, `folder/bands.csv` and the manifest. `study`: without histories. Holds the values of all seeds
/// for a few epochs at a time. Throws FileError as require_all_seeds does, TraceError, and Interrupted once `stop` says
/// so.
StudyResult join_study(
    ExperimentResult study, StudyStore& store, const std::filesystem::path& folder, std::size_t jobs,
    const std::function<bool()>& stop = [] { return false; });

}  // namespace touchstone
