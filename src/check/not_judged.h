#pragma once

#include <string>
#include <vector>

#include "check/candidate.h"
#include "check/scoreboard.h"

namespace touchstone {

/// What a trace records and no check judged, by name: "step/slot/m", "epoch/accuracy after epoch 39". A group of
/// tensors is named once.
std::vector<std::string> not_judged(const Candidate& candidate, const Judged& judged);

}  // namespace touchstone
