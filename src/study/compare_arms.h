#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "experiment/statistic.h"
#include "results/result.h"
#include "study/significance.h"

namespace touchstone {

/// An arm of a study against the baseline.
struct ArmComparison {
  std::string label;
  std::size_t seeds = 0;  ///< that have a finite value; of a paired comparison: in both arms
  double mean = 0.0;
  Difference difference{};   ///< from the baseline; p by Welch's t, or by the paired t
  double effect_size = 0.0;  ///< Cohen's d: by the pooled deviation, or, paired, by that of the differences
  double superiority = 0.0;  ///< the probability that a run of the arm is greater than one of the baseline
  double p_rank = 1.0;       ///< by Mann and Whitney, or by Wilcoxon
  double p_holm = 1.0;       ///< of the t test, corrected for the number of arms
  double p_rank_holm = 1.0;
};

/// The arms of a study against one of them, by a statistic.
struct StudyComparison {
  std::string statistic;
  std::string baseline;
  std::size_t baseline_seeds = 0;
  double baseline_mean = 0.0;
  bool is_paired = false;
  std::size_t left_out = 0;         ///< values that are not finite
  std::vector<ArmComparison> arms;  ///< without the baseline
};

/// Compares all arms with `baseline` by the runs stored in `folder`. Values that are not finite are left out. Throws
/// UserError if an arm has fewer than two values, and Interrupted once `stop` returns true.
StudyComparison compare_arms(const ExperimentResult& study, const std::filesystem::path& folder,
                             const Statistic& statistic, std::size_t baseline, const std::function<bool()>& stop);

}  // namespace touchstone
