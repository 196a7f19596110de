#pragma once

#include <string>
#include <vector>

#include "check/verify.h"

namespace touchstone {

struct Candidate;

/// Something that is true of a part of a trace, whatever its cause: which tensors differ, when, and how.
struct Fact {
  Part part = Part::rate;
  std::string subject;      ///< "the step of the biases"
  std::string relation;     ///< "is 0.5 times the expected"
  std::string when;         ///< "in every update"
  std::string sentence;     ///< all of it, with what agrees: "...; the kernels agree"
  std::string usual_cause;  ///< in words; "" if none comes to mind
};

/// Of each part that differs, in order of cause; one or more of each. `verdict`: of the declared training, with what
/// its scope kept.
std::vector<Fact> facts_of(const Candidate& candidate, const Verdict& verdict);

}  // namespace touchstone
