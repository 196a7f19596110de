#include "study/claims_table.h"

#include "files/atomic_file.h"
#include "results/csv.h"

namespace touchstone {

void write_claims(const std::filesystem::path& folder, const std::vector<JudgedClaim>& claims) {
  std::string text = csv_row({"id", "claim", "notebook", "statistic", "comparison", "effect", "size", "low", "high",
                              "p", "p_holm", "verdict", "left_out", "note"});
  for (const JudgedClaim& judged : claims) {
    const Claim& claim = judged.claim;
    const Judgement& found = judged.judgement;
    text += csv_row({claim.id, claim.claim, claim.notebook, name_of(claim.statistic), found.comparison, found.effect,
                     csv_number(found.size), csv_number(found.low), csv_number(found.high),
                     found.is_computed ? "" : csv_number(judged.p), found.is_computed ? "" : csv_number(judged.p_holm),
                     name_of(judged.verdict), std::to_string(found.left_out), claim.note});
  }
  write_file_atomically(folder / "claims.csv", text);
}

}  // namespace touchstone
