#pragma once

#include <string>
#include <vector>

#include "check/deviation.h"
#include "diagnosis/diagnose.h"

namespace touchstone {

/// "update 3", "epoch 2", "the end".
std::string where(const Site& site);

/// What was found, without the sentences: "rho_mistaken (rho 0.99 instead of 0.9), from update 5 on".
std::string short_text(const Hypothesis& hypothesis);

/// The updates of what was found as formulas, those alike once; conventions first.
std::vector<std::string> formulas_of(const Explanations& found);

/// What the diagnosis says, in a line a finding.
std::string to_text(const Diagnosis& diagnosis);

/// What to do about it, in a line; `source`: the trace's name.
std::string next_step(const Diagnosis& diagnosis, const std::string& source);

/// What was found, without what is a run's own (numbers, places), in one line: traces with the same fault have the
/// same.
std::string finding_of(const Diagnosis& diagnosis);

/// One thing that an engine does otherwise than declared, or what is known of something unexplained.
struct Cause {
  std::string text;                           ///< without what is a run's own: runs with the same cause have the same
  std::string name;                           ///< of the finding; "" of what is unknown
  std::string numbers;                        ///< this run's: "rho 0.99 instead of 0.9"
  std::vector<std::string> conventions = {};  ///< under which the run would agree
};

/// Each cause of a trace's deviations, once.
std::vector<Cause> causes_of(const Diagnosis& diagnosis);

}  // namespace touchstone
