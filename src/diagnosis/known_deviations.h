#pragma once

#include <vector>

#include "data/precision.h"
#include "diagnosis/known_deviation.h"

namespace touchstone {

/// Every known deviation from the update that is declared: of the optimizer's rule, and of what is around it.
std::vector<KnownDeviation> known_deviations(const UpdateSpec& declared, Precision precision);

}  // namespace touchstone
