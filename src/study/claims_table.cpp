#include "study/claims_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "files/atomic_file.h"
#include "results/csv.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> header = {"id",  "claim", "notebook", "statistic", "comparison", "effect",   "size",
                                         "low", "high",  "p",        "p_holm",    "verdict",    "left_out", "note"};

std::string optional_number(const std::optional<double>& number) { return number ? csv_number(*number) : ""; }

}  // namespace

ClaimRow row_of(const JudgedClaim& judged) {
  const Claim& claim = judged.claim;
  const Judgement& found = judged.judgement;
  const auto sampled = [&](double p) { return found.is_computed ? std::nullopt : std::optional(p); };
  return {claim.id,
          claim.claim,
          claim.notebook,
          name_of(claim.statistic),
          found.comparison,
          found.effect,
          found.size,
          found.low,
          found.high,
          sampled(judged.p),
          sampled(judged.p_holm),
          name_of(judged.verdict),
          found.left_out,
          claim.note};
}

void write_claims(const fs::path& folder, const std::vector<JudgedClaim>& claims) {
  std::string text = csv_row(header);
  for (const JudgedClaim& judged : claims) {
    const ClaimRow row = row_of(judged);
    text += csv_row({row.id, row.claim, row.notebook, row.statistic, row.comparison, row.effect, csv_number(row.size),
                     csv_number(row.low), csv_number(row.high), optional_number(row.p), optional_number(row.p_holm),
                     row.verdict, std::to_string(row.left_out), row.note});
  }
  write_file_atomically(folder / "claims.csv", text);
}

void decide_and_write(std::vector<JudgedClaim>& claims, const fs::path& results) {
  decide(claims);
  std::map<std::string, std::vector<JudgedClaim>> by_experiment;
  for (const JudgedClaim& judged : claims) by_experiment[judged.experiment].push_back(judged);
  for (const auto& [name, own] : by_experiment) write_claims(results / name, own);
}

std::vector<ClaimRow> read_claims_table(const fs::path& folder) {
  const fs::path file = folder / "claims.csv";
  std::vector<ClaimRow> rows;
  if (!fs::is_regular_file(file)) return rows;
  for (const std::vector<std::string>& cells : read_table(file, header)) {
    const std::size_t line = rows.size() + 2;
    const auto number = [&](std::size_t cell) { return parse_number(file, line, cells[cell]); };
    const auto optional = [&](std::size_t cell) {
      return cells[cell].empty() ? std::nullopt : std::optional(number(cell));
    };
    rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], number(6), number(7), number(8),
                    optional(9), optional(10), cells[11], static_cast<std::size_t>(std::max(0.0, number(12))),
                    cells[13]});
  }
  return rows;
}

std::string effect_text(const ClaimRow& row) {
  const bool has_interval = std::isfinite(row.low) && row.low < row.high;
  return fmt::format("{} {:.4g}{}", row.effect, row.size,
                     has_interval ? fmt::format(" [{:.4g}, {:.4g}]", row.low, row.high) : "");
}

std::string p_text(const ClaimRow& row) {
  if (!row.p_holm) return "computed";
  return *row.p_holm < 1e-4 ? "p < 1e-4" : fmt::format("p = {:.2g}", *row.p_holm);
}

}  // namespace touchstone
