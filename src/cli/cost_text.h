#pragma once

#include <string>

#include "run/estimate_cost.h"

namespace touchstone {

/// "about 5.2 s with --engine fused on 2 cores, 6 MB".
std::string estimate_text(const CostEstimate& estimate, const RunSettings& settings);

}  // namespace touchstone
