#pragma once

#include <string>

#include "check/candidate.h"

namespace touchstone {

/// Fails unless the trace deviates and one finding explains it, by this name alone.
void expect_named(const Candidate& candidate, const std::string& name);

}  // namespace touchstone
