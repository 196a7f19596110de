#pragma once

#include <vector>

#include "optim/optimizer.h"

namespace touchstone {

/// What engines do where Adam is asked for, with decoupled weight decay or without.
std::vector<OptimizerMistake> adam_mistakes();
Formula adam_variant(const OptimizerConfig& config, Precision precision);

}  // namespace touchstone
