#pragma once

#include <vector>

#include "optim/optimizer.h"

namespace touchstone {

/// What engines do where Adam or AdamW is asked for.
std::vector<OptimizerMistake> adam_mistakes();
Formula adam_variant(const OptimizerConfig& config, Precision precision);

}  // namespace touchstone
