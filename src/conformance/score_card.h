#pragma once

#include <string>
#include <vector>

#include "conformance/judge.h"

namespace touchstone {

struct ScoredCase {
  ConformanceCase conformance_case;
  CaseResult result;
};

/// A table of cases passed, a row an optimizer and a column a schedule; then a line for each case that did not pass.
std::string score_card(const std::vector<ScoredCase>& cases, bool colours);

/// The same as JUnit XML, for CI.
std::string junit_xml(const std::vector<ScoredCase>& cases);

}  // namespace touchstone
