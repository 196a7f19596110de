#include "conformance/results_json.h"

#include <nlohmann/json.hpp>

#include "diagnosis/report.h"
#include "experiment/json_text.h"

namespace touchstone {
namespace {

const char* word_for(CaseResult::Outcome outcome) {
  switch (outcome) {
    case CaseResult::Outcome::passed: return "passed";
    case CaseResult::Outcome::failed: return "failed";
    case CaseResult::Outcome::error: return "error";
    case CaseResult::Outcome::skipped: break;
  }
  return "skipped";
}

}  // namespace

std::string results_json(const std::vector<ScoredCase>& cases, const std::string& engine,
                         const std::optional<std::string>& convention) {
  using nlohmann::ordered_json;
  ordered_json all = ordered_json::array();
  for (const auto& [conformance_case, result] : cases) {
    all.push_back({{"name", conformance_case.name},
                   {"optimizer", conformance_case.optimizer},
                   {"column", conformance_case.column},
                   {"outcome", word_for(result.outcome)},
                   {"finding", result.diagnosis ? finding_of(*result.diagnosis) : ""},
                   {"message", result.message},
                   {"seconds", result.seconds}});
  }
  const ordered_json results = {
      {"engine", engine}, {"convention", convention ? ordered_json(*convention) : ordered_json()}, {"cases", all}};
  constexpr int indent = 1;
  return json_text(results, indent) + "\n";
}

}  // namespace touchstone
