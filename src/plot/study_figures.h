#pragma once

#include "results/result.h"

namespace touchstone {

/// A study whose figures suit it, under names of their own: a panel for each arm, the train and the test rows in it,
/// each with its median and band; curves of many arms in one plot would hide under each other's bands. The titles say
/// so.
ExperimentResult with_band_figures(ExperimentResult study);

}  // namespace touchstone
