#pragma once

#include "results/result.h"

namespace touchstone {

/// The figures of a study, under separate names and with titles that say what is shown: medians with bands, or, of a
/// sweep, means with intervals.
ExperimentResult with_band_figures(ExperimentResult study);

}  // namespace touchstone
