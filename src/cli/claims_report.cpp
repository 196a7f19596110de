#include "cli/claims_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "files/printable.h"
#include "study/claims_table.h"

namespace touchstone {
namespace {

void print_claim(const ClaimRow& row) {
  fmt::print("{:<13} {}{}\n", row.verdict, printable(row.claim),
             row.notebook.empty() ? "" : fmt::format(" ({})", printable(row.notebook)));
  fmt::print("{:<13} {}, {}: {}, {}{}\n", "", row.statistic, printable(row.comparison), effect_text(row), p_text(row),
             row.left_out == 0 ? "" : fmt::format("; {} values that are not finite are left out", row.left_out));
  if (!row.note.empty()) fmt::print("{:<13} {}\n", "", printable(row.note));
}

std::size_t count(const std::vector<JudgedClaim>& claims, ClaimVerdict verdict) {
  return static_cast<std::size_t>(std::count_if(claims.begin(), claims.end(),
                                                [&](const JudgedClaim& judged) { return judged.verdict == verdict; }));
}

}  // namespace

void print_claims(const std::vector<JudgedClaim>& claims) {
  std::string experiment;
  for (const JudgedClaim& judged : claims) {
    if (judged.experiment != experiment) fmt::print("\n{}\n", judged.experiment);
    experiment = judged.experiment;
    print_claim(row_of(judged));
  }
  const auto sampled = std::count_if(claims.begin(), claims.end(),
                                     [](const JudgedClaim& judged) { return !judged.judgement.is_computed; });
  fmt::print("\n{} claims: {} supported, {} contradicted, {} undecided; at 5 %, p corrected by Holm for {} claims\n",
             claims.size(), count(claims, ClaimVerdict::supported), count(claims, ClaimVerdict::contradicted),
             count(claims, ClaimVerdict::undecided), sampled);
}

}  // namespace touchstone
