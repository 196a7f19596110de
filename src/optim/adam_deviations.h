#pragma once

#include <vector>

#include "optim/optimizer.h"

namespace touchstone {

/// The formula of Adam, or of AdamW if `config` has a weight decay.
Formula adam_formula(const OptimizerConfig& config, Precision precision);

/// What engines do instead of Adam or AdamW.
std::vector<OptimizerMistake> adam_mistakes();

}  // namespace touchstone
