#pragma once

#include <cstdint>

#include "run/run_experiment.h"

namespace touchstone {

/// What training an experiment would take.
struct CostEstimate {
  double seconds;       ///< on the cores of `train.jobs`
  std::uint64_t bytes;  ///< that are written to the results' folder
};

/// An estimate for `seeds` seeds of every arm, with the engine of `settings`, after timing a few hundred updates of
/// each arm. Figures are not counted. A study stores every epoch of every seed; one seed is a run.
CostEstimate estimate_cost(const LoadedExperiment& loaded, const RunSettings& settings, std::uint64_t seeds);

}  // namespace touchstone
