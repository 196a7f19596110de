#pragma once

#include "results/result.h"
#include "run/carry_out.h"
#include "run/loaded_experiment.h"

namespace touchstone {

/// What is known of a result before anything is computed: the experiment, its arms, and how it is carried out.
ExperimentResult describe(const LoadedExperiment& loaded, const RunSettings& settings);

}  // namespace touchstone
