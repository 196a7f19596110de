#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diagnosis/hypotheses.h"
#include "diagnosis/judgement.h"
#include "diagnosis/training_deviations.h"

// Where hypotheses come from. Each source is a function that returns a lazy list of `base` with an edit more; whether
// one of them explains anything is for the search to see (search.h), which a new source is to be added to.
namespace touchstone {

/// With a known deviation outside of the update.
Hypotheses with_known_deviation(const Hypothesis& base, const std::vector<TrainingDeviation>& deviations);

/// With `count` of them, each after the one before in the list.
Hypotheses with_known_deviations(const Hypothesis& base, const std::vector<TrainingDeviation>& deviations,
                                 std::size_t count);

/// With the optimizer of another convention.
Hypotheses with_convention(const Hypothesis& base);

/// With a number of the network, solved for from what is first out of bounds, under `base`, of its loss, in training or
/// else in validation, and of its gradients (`parts`): where probabilities are clipped, how a relu leaks, a weight
/// decay.
Hypotheses with_network_number(const Candidate& candidate, const Hypothesis& base, const std::vector<PartScore>& parts);

/// With the update that was read off the recorded numbers, knowing no optimizer, if it accounts for all of them.
Hypotheses with_update_read_off(const Judgement& judgement);

/// The name of that finding, and its sentence.
std::pair<std::string, std::string> read_off_finding();

/// The findings that these may be, by name, each with a sentence that has a typical number.
std::vector<std::pair<std::string, std::string>> network_findings();

/// With a number of the optimizer or of a callback on which a rate depends continuously (the initial rate, a decay, a
/// factor ...), solved for from the recorded rates.
Hypotheses with_rate_number(const Judgement& judgement, const Hypothesis& base);

/// With a number that only decides when the rate changes (a patience, a threshold), and all values that would do.
Hypotheses with_rate_threshold(const Judgement& judgement, const Hypothesis& base);

}  // namespace touchstone
