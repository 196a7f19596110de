#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "check/candidate.h"
#include "optim/linear_rule.h"

namespace touchstone {

/// Reads the rule of a trace's updates off the recorded numbers, knowing no optimizer: each slot, then the step, as a
/// linear combination of a few quantities, update by update, and how its coefficients depend on the rate and on t. From
/// `from_update` on. The first rule that `explains` accepts; nothing if none does, or if gradients, rates or
/// consecutive updates are not recorded.
std::optional<LinearRule> read_update(const Candidate& candidate, std::int64_t from_update,
                                      const std::function<bool(const LinearRule&)>& explains);

/// How many numbers a rule has that were fitted.
int count_numbers(const LinearRule& rule);

}  // namespace touchstone
