#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiment/claim.h"

namespace touchstone {

/// The values of a claim's statistic: of each arm, one per seed.
struct ClaimSamples {
  std::vector<std::string> labels;          ///< of the arms
  std::vector<double> keys;                 ///< of the arms: the number of the claim's `over`
  std::vector<std::vector<double>> values;  ///< of the arms: one per seed, or a single one that was computed
  bool is_paired = false;                   ///< the arms share their random streams, seed by seed
  bool is_computed = false;                 ///< nothing was sampled: the value follows from the configuration
  double chance = 0.0;                      ///< one over the number of classes
};

/// What the values say of a claim, before any correction for the number of claims.
struct Judgement {
  std::string comparison;  ///< of what the effect is: "batch_size=1000 - batch_size=32"
  std::string effect;      ///< its name: "difference", "rank correlation", "value"
  double size;             ///< the effect
  double low;              ///< its 95 % confidence interval
  double high;
  double p_for;          ///< one-sided p-value of the data, if the claim did not hold: small supports it
  double p_against;      ///< one-sided p-value of the data, if the claim held at its border: small contradicts it
  bool is_computed;      ///< p_for and p_against are 0 or 1
  std::size_t left_out;  ///< values that were not finite, as those of diverged runs
};

/// Judges a claim by its values. Values that are not finite are left out. A claim about several comparisons holds if
/// each of them does; the effect is that of the comparison that decides.
Judgement judge(const Claim& claim, const ClaimSamples& samples);

enum class ClaimVerdict { supported, contradicted, undecided };

std::string name_of(ClaimVerdict verdict);

/// A claim and what was found of it.
struct JudgedClaim {
  std::string experiment;
  Claim claim;
  Judgement judgement;
  double p = 1.0;       ///< two-sided
  double p_holm = 1.0;  ///< corrected for the number of claims judged together; computed claims do not count
  ClaimVerdict verdict = ClaimVerdict::undecided;
};

/// Verdicts at 5 %, after Holm's correction over all claims that were sampled.
void decide(std::vector<JudgedClaim>& claims);

}  // namespace touchstone
