#pragma once

#include <string>

#include "check/deviation.h"
#include "diagnosis/diagnose.h"

namespace touchstone {

/// "update 3", "epoch 2", "the end".
std::string where(const Site& site);

/// What was found, without the sentences: "rho_mistaken (rho 0.99 instead of 0.9), from update 5 on".
std::string short_text(const Hypothesis& hypothesis);

/// What the diagnosis says, in a line a finding.
std::string to_text(const Diagnosis& diagnosis);

/// What to do about it, in a line; `source`: the trace's name.
std::string next_step(const Diagnosis& diagnosis, const std::string& source);

/// What was found, without what is a run's own (numbers, places), in one line: traces with the same fault have the
/// same.
std::string finding_of(const Diagnosis& diagnosis);

/// The numbers of the only explanation: "rho 0.99 instead of 0.9"; "" if it has none, or there are several.
std::string numbers_of(const Diagnosis& diagnosis);

}  // namespace touchstone
