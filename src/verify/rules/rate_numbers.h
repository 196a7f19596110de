#pragma once

#include <vector>

#include "verify/compare/scoreboard.h"
#include "verify/rules/mistake.h"

namespace touchstone {

/// The numbers of a schedule that would give the first recorded rate that is another than expected: the initial rate,
/// or the decay, each solved for.
std::vector<Mistake> rate_numbers(const Setup& right, const Deviation& first);

}  // namespace touchstone
