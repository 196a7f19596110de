#pragma once

#include "results/result.h"

namespace touchstone {

/// The figures of a study, under separate names: one panel per arm with median and band of train and test rows, since
/// bands of many arms in one plot would hide each other. The titles say so.
ExperimentResult with_band_figures(ExperimentResult study);

}  // namespace touchstone
