#pragma once

#include <vector>

#include "diagnosis/search.h"

namespace touchstone {

/// One hypothesis for the whole trace from those of its parts: those with the fewest edits that together explain every
/// part that differs; none if a part has no explanation. More than one: the trace cannot tell them apart.
std::vector<Hypothesis> combined(const Explained& parts, const Judgement& judgement);

}  // namespace touchstone
