#pragma once

#include "results/result.h"
#include "run/loaded_experiment.h"
#include "run/run_experiment.h"

namespace touchstone {

/// The parts of a result that are known before training: the experiment, its arms and how it runs.
ExperimentResult describe(const LoadedExperiment& loaded, const RunSettings& settings);

}  // namespace touchstone
