#pragma once

#include <cstdint>
#include <string>

#include "trace/trace_file.h"

namespace touchstone {

/// A trace that follows no rule: a case of the conformance suite, run by the reference, of which something is off by 3
/// to 40 % in a way that nobody writes down.
struct NobodysRule {
  std::string name;  ///< the case, and what is off
  Trace trace;
  bool changes_rates = false;  ///< those recorded are not those used
};

/// Each seed is another: cases and precisions in turn, what is off at random, recorded wholly or in part.
NobodysRule nobodys_rule(std::uint32_t seed);

}  // namespace touchstone
