#pragma once

#include <vector>

#include "optim/optimizer.h"

namespace touchstone {

/// Everything that an engine may do otherwise in the update that `right` declares: what the optimizer's own file lists,
/// and what may be around any optimizer. A new one is an entry there or here.
std::vector<OptimizerMistake> update_axes(const OptimizerConfig& right, Precision precision);

/// The formula of a configuration, with such choices or without, in float64: numbers that are solved for vary
/// continuously.
Formula unrounded_formula(const OptimizerConfig& config);

}  // namespace touchstone
