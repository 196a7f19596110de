#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/run_suite.h"

namespace touchstone {

/// The result of each case as JSON: {"engine": its command, "convention": "torch" or null, "cases": [{"name",
/// "optimizer", "column", "outcome": "passed" | "failed" | "error" | "skipped", "finding", "message", "seconds"}]}.
std::string results_json(const std::vector<ScoredCase>& cases, const std::string& engine,
                         const std::optional<std::string>& convention);

}  // namespace touchstone
