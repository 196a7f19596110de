#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study/judge_claim.h"

namespace touchstone {

/// A judged claim as claims.csv and reports show it.
struct ClaimRow {
  std::string id;
  std::string claim;
  std::string notebook;   ///< where the notebook makes it; may be empty
  std::string statistic;  ///< "epochs_to_0.8_val_accuracy"
  std::string comparison;
  std::string effect;
  double size = 0.0;
  double low = 0.0;
  double high = 0.0;
  std::optional<double> p;       ///< nothing: computed, not sampled
  std::optional<double> p_holm;  ///< corrected for the number of claims
  std::string verdict;
  std::size_t left_out = 0;
  std::string note;
};

ClaimRow row_of(const JudgedClaim& judged);

/// Writes `folder/claims.csv`: one row per claim. Throws EnvironmentError.
void write_claims(const std::filesystem::path& folder, const std::vector<JudgedClaim>& claims);

/// Decides the claims of several experiments together, and writes those of each to `results/NAME`. Throws
/// EnvironmentError.
void decide_and_write(std::vector<JudgedClaim>& claims, const std::filesystem::path& results);

/// Reads it back; none if there is no such file. Throws UserError, naming the place, for another content.
std::vector<ClaimRow> read_claims_table(const std::filesystem::path& folder);

/// The effect with its interval, "difference -0.054 [-0.058, -0.051]"; the p-value, "p < 1e-4" or "computed".
std::string effect_text(const ClaimRow& row);
std::string p_text(const ClaimRow& row);

}  // namespace touchstone
