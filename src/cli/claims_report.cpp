#include "cli/claims_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "files/printable.h"

namespace touchstone {
namespace {

std::string p_text(const JudgedClaim& judged) {
  if (judged.judgement.is_computed) return "computed";
  return judged.p_holm < 1e-4 ? "p < 1e-4" : fmt::format("p = {:.2g}", judged.p_holm);
}

std::string effect_text(const Judgement& found) {
  const bool has_interval = std::isfinite(found.low) && found.low < found.high;
  return fmt::format("{} {:.4g}{}", found.effect, found.size,
                     has_interval ? fmt::format(" [{:.4g}, {:.4g}]", found.low, found.high) : "");
}

void print_claim(const JudgedClaim& judged) {
  const Claim& claim = judged.claim;
  const Judgement& found = judged.judgement;
  fmt::print("{:<13} {}{}\n", name_of(judged.verdict), printable(claim.claim),
             claim.notebook.empty() ? "" : fmt::format(" ({})", printable(claim.notebook)));
  fmt::print("{:<13} {}, {}: {}, {}{}\n", "", name_of(claim.statistic), printable(found.comparison), effect_text(found),
             p_text(judged),
             found.left_out == 0 ? "" : fmt::format("; {} values that are not finite are left out", found.left_out));
  if (!claim.note.empty()) fmt::print("{:<13} {}\n", "", printable(claim.note));
}

std::size_t count(const std::vector<JudgedClaim>& claims, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(claims.begin(), claims.end(),
                                                [&](const JudgedClaim& judged) { return judged.verdict == verdict; }));
}

}  // namespace

void print_claims(const std::vector<JudgedClaim>& claims) {
  std::string experiment;
  for (const JudgedClaim& judged : claims) {
    if (judged.experiment != experiment) fmt::print("\n{}\n", judged.experiment);
    experiment = judged.experiment;
    print_claim(judged);
  }
  const auto sampled = std::count_if(claims.begin(), claims.end(),
                                     [](const JudgedClaim& judged) { return !judged.judgement.is_computed; });
  fmt::print("\n{} claims: {} supported, {} contradicted, {} undecided; at 5 %, p corrected by Holm for {} claims\n",
             claims.size(), count(claims, Verdict::supported), count(claims, Verdict::contradicted),
             count(claims, Verdict::undecided), sampled);
}

}  // namespace touchstone
