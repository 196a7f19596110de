#pragma once

#include <string>

#include "experiment/config_fwd.h"
#include "optim/formula.h"

namespace touchstone {

/// An update's statements, "m = 0.9*m + 0.1*g; p -= lr*m": what is done around the formula (clipping, weight decay),
/// then the formula. "" for a formula that cannot be written down.
std::string formula_text(const OptimizerConfig& config, const Formula& formula);

}  // namespace touchstone
