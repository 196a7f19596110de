#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/judge.h"
#include "conformance/run_engine.h"

namespace touchstone {

struct ScoredCase {
  ConformanceCase conformance_case;
  CaseResult result;
};

/// Runs the cases on `engine`, `jobs` at a time, until all are finished or `stop` returns true. Returns the finished
/// cases in the suite's order. Cases, traces and logs are written to `folder`, with a report (CASE.report.txt) for each
/// case that did not pass. `on_case_done`: called after each case, one at a time, with how many are done.
std::vector<ScoredCase> run_suite(const std::vector<ConformanceCase>& cases, std::uint32_t seed,
                                  const RunEngine& engine, const std::filesystem::path& folder, std::size_t jobs,
                                  const std::function<bool()>& stop,
                                  const std::function<void(std::size_t done, const std::string& name)>& on_case_done);

}  // namespace touchstone
