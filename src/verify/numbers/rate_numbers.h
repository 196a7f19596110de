#pragma once

#include <functional>
#include <vector>

#include "verify/compare/candidate.h"
#include "verify/compare/scoreboard.h"
#include "verify/rules/mistake.h"

namespace touchstone {

/// The numbers of the optimizer's decay and of the callbacks that, one at a time and solved for from the recorded
/// rates, make `explains` true of the setup: the initial rate, a factor, a patience ... `first`: the first rate that is
/// out of bounds. What has only thresholds (when a plateau drops) is told with the stretch that the rates leave to it.
std::vector<Mistake> rate_numbers(const Candidate& candidate, const Setup& right, const Deviation& first,
                                  const std::function<bool(const Setup&)>& explains);

/// Of those, the ones that a rate depends on continuously: quick to find.
std::vector<Mistake> continuous_rate_numbers(const Candidate& candidate, const Setup& right, const Deviation& first,
                                             const std::function<bool(const Setup&)>& explains);

}  // namespace touchstone
