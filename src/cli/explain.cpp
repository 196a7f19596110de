#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/options.h"
#include "diagnosis/findings.h"
#include "experiment/conventions.h"
#include "experiment/suggestion.h"
#include "files/errors.h"
#include "files/printable.h"

namespace touchstone {
namespace {

/// The findings that say which library's rule the update follows.
std::vector<FindingInfo> convention_findings() {
  std::vector<FindingInfo> findings;
  for (const auto& [convention, name] : conventions().entries) {
    findings.push_back({"convention_" + std::string(name),
                        "update",
                        fmt::format("the update follows optimizer.convention: {0}; if that is intended, declare it, or "
                                    "run the suite with --convention {0}",
                                    name),
                        "",
                        {}});
  }
  return findings;
}

std::vector<FindingInfo> all_findings() {
  std::vector<FindingInfo> all = findings();
  const std::vector<FindingInfo> of_conventions = convention_findings();
  all.insert(all.end(), of_conventions.begin(), of_conventions.end());
  all.push_back({"unknown",
                 "any part",
                 "no known deviation explains what was recorded; the report says what is true of the tensors that "
                 "differ, and which one deviation comes nearest",
                 "",
                 {}});
  return all;
}

void list(const std::vector<FindingInfo>& findings) {
  std::vector<std::string> parts;
  for (const FindingInfo& finding : findings) {
    if (std::find(parts.begin(), parts.end(), finding.about) == parts.end()) parts.push_back(finding.about);
  }
  for (const std::string& part : parts) {
    fmt::print("{}\n", part);
    for (const FindingInfo& finding : findings) {
      if (finding.about == part) fmt::print("  {:<36} {}\n", finding.name, finding.sentence);
    }
  }
}

void explain(const FindingInfo& finding) {
  fmt::print("{} ({})\n  {}\n", finding.name, finding.about, finding.sentence);
  if (!finding.common_in.empty()) fmt::print("  Common in: {}\n", finding.common_in);
  for (const FindingFormulas& formulas : finding.formulas) {
    fmt::print("\n  {}\n    declared  {}\n    computes  {}\n", formulas.optimizer, formulas.declared,
               formulas.computes);
  }
  fmt::print(
      "\nIf it is intended, declare it in the configuration if there is a key for it, or choose another convention.\n"
      "To see where it begins: touchstone verify TRACE --table prints the largest deviation of every series;\n"
      "touchstone conformance --keep DIR keeps the traces.\n");
}

void add_explain_options(Options& options) { options.positional("name", "the finding, such as plateau_late", "NAME"); }

int explain_finding(const ParsedOptions& parsed) {
  const std::vector<FindingInfo> all = all_findings();
  if (!parsed.has("name")) {
    list(all);
    return exit_done;
  }
  const std::string name = parsed.text("name");
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const FindingInfo& finding) { return finding.name == name; });
  if (found == all.end()) {
    std::vector<std::string> names;
    for (const FindingInfo& finding : all) names.push_back(finding.name);
    throw UserError(fmt::format("found no finding '{}'; touchstone explain lists them{}", printable(name),
                                suggestion(name, names)));
  }
  explain(*found);
  return exit_done;
}

}  // namespace

Command explain_command() {
  return {"explain", "explains a finding, in words and as a formula",
          "Explains a finding of verify and conformance; without NAME, lists them all.", &add_explain_options,
          &explain_finding};
}

}  // namespace touchstone
