#pragma once

#include <string>
#include <vector>

#include "optim/choices.h"
#include "optim/formula.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// The divisor that a configuration chooses.
SqrtDivisor divisor_of(const OptimizerConfig& config);

/// The choices that it reads, as mistakes of the optimizer `name`, whose own names begin with `prefix`.
std::vector<OptimizerMistake> sqrt_divisor_mistakes(const std::string& name, const std::string& prefix);

}  // namespace touchstone
