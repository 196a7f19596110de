#include "conformance/check_engine.h"

#include <algorithm>
#include <stdexcept>

#include "conformance/judge.h"
#include "verify/report.h"

namespace touchstone {

std::vector<std::string> conformance_case_names() {
  std::vector<std::string> names;
  for (const ConformanceCase& each : conformance_cases()) names.push_back(each.name);
  return names;
}

std::string mismatch(const Engine& engine, const std::string& case_name, std::uint32_t seed) {
  const std::vector<ConformanceCase> cases = conformance_cases();
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const ConformanceCase& each) { return each.name == case_name; });
  if (found == cases.end()) throw std::out_of_range("no conformance case is called '" + case_name + "'");
  const Trace given = trace_of(*found, seed);
  const CaseResult result = judge_observations(given, engine(given), case_name);
  if (result.outcome == CaseResult::Outcome::passed) return "";
  return result.message + (result.diagnosis ? "\n" + to_text(*result.diagnosis) : "");
}

}  // namespace touchstone
