#pragma once

#include <string>
#include <utility>
#include <vector>

#include "check/candidate.h"
#include "check/scoreboard.h"
#include "diagnosis/sources/mistake.h"

namespace touchstone {

/// Mistakes in the network that have a number, solved for from what is first out of bounds, under `spec`, of its
/// loss, in training or else in validation, and of its gradients (`parts`): where probabilities are clipped, how a relu
/// leaks, a weight decay. Whether they account for the rest is not yet said.
std::vector<Mistake> network_numbers(const Candidate& candidate, const TrainingSpec& spec,
                                     const std::vector<PartScore>& parts);

/// The findings that these may be, by name, each with a sentence that has a typical number.
std::vector<std::pair<std::string, std::string>> network_findings();

}  // namespace touchstone
