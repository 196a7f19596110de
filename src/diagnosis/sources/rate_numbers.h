#pragma once

#include <functional>
#include <vector>

#include "check/candidate.h"
#include "check/scoreboard.h"
#include "diagnosis/sources/mistake.h"

namespace touchstone {

/// The numbers of the optimizer and of the callbacks that a rate depends on continuously (the initial rate, a decay, a
/// factor ...) and that, one at a time and solved for from the recorded rates, make `explains` true of the spec.
/// `first`: the first rate that is out of bounds.
std::vector<Mistake> rate_numbers(const Candidate& candidate, const TrainingSpec& declared, const Deviation& first,
                                  const std::function<bool(const TrainingSpec&)>& explains);

/// The same of those that only decide when the rate changes (a patience, a threshold), with the stretch that the rates
/// leave to each.
std::vector<Mistake> rate_thresholds(const Candidate& candidate, const TrainingSpec& declared,
                                     const std::function<bool(const TrainingSpec&)>& explains);

}  // namespace touchstone
