#pragma once

#include <string>
#include <vector>

#include "conformance/run_suite.h"

namespace touchstone {

/// A table of cases passed, a row an optimizer and a column a schedule; then what was found, each finding once with how
/// many cases it accounts for and the first of them; then how many passed.
std::string score_card(const std::vector<ScoredCase>& cases, bool colours);

/// A case that did not pass, in full: where it differs first, and the diagnosis.
std::string report_of(const ScoredCase& scored);

/// All as JUnit XML, for CI.
std::string junit_xml(const std::vector<ScoredCase>& cases);

}  // namespace touchstone
