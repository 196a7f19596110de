#pragma once

#include <string>
#include <vector>

#include "conformance/run_suite.h"

namespace touchstone {

/// How many cases passed; a table with a row per optimizer and a column per schedule; then each finding once, with how
/// many cases have it, what to do, and the first of these cases.
std::string score_card(const std::vector<ScoredCase>& cases, bool colours);

/// A case that did not pass, in full: where it differs first, and the diagnosis.
std::string report_of(const ScoredCase& scored);

/// All as JUnit XML, for CI.
std::string junit_xml(const std::vector<ScoredCase>& cases);

}  // namespace touchstone
