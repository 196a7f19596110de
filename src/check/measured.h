#pragma once

#include <functional>
#include <vector>

#include "check/scope.h"
#include "tolerance/noise_estimate.h"

namespace touchstone {

/// How far `got` is off at `site`, with the noise measured more finely if that comes near its bound and
/// `may_measure_more` has nothing against it. `scope`: as worst_deviation has it.
Deviation measured_deviation(NoiseEstimate& noise_estimate, const Site& site, const std::vector<double>& got,
                             const Comparison& comparison,
                             const std::function<bool(const Deviation&)>& may_measure_more, const Scope& scope);

}  // namespace touchstone
