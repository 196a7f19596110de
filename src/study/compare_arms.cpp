#include "study/compare_arms.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "results/study_files.h"
#include "study/finite_values.h"
#include "study/join.h"
#include "study/run_statistic.h"
#include "study/statistics.h"
#include "study/study_columns.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

std::vector<double> values_of(const ExperimentResult& study, const std::filesystem::path& folder, std::size_t arm,
                              const Statistic& statistic, const std::function<bool()>& stop) {
  std::vector<double> values;
  const double decay = decay_of(study.arms[arm]);
  for_each_run(study_folder(folder), arm, seeds_of(study), [&](std::uint64_t /*seed*/, const History& history) {
    if (stop()) throw Interrupted();
    values.push_back(value_of(statistic, history, decay));
  });
  return values;
}

void require_two(const std::string& label, const std::vector<double>& values, const std::string& statistic) {
  if (values.size() >= 2) return;
  throw UserError(
      fmt::format("{}: {}: found {} runs with a finite value, expected at least 2", label, statistic, values.size()));
}

/// By the deviation of the differences.
double paired_d(const Difference& difference, std::size_t count) {
  return difference.mean == 0.0 ? 0.0 : difference.mean / (difference.error * std::sqrt(static_cast<double>(count)));
}

ArmComparison compared(const std::vector<double>& arm, const std::vector<double>& baseline, bool is_paired) {
  ArmComparison comparison;
  comparison.seeds = arm.size();
  comparison.mean = mean_of(arm);
  comparison.difference = is_paired ? paired_t(arm, baseline) : welch(arm, baseline);
  comparison.effect_size = is_paired ? paired_d(comparison.difference, arm.size()) : cohens_d(arm, baseline);
  comparison.superiority = superiority(arm, baseline);
  comparison.p_rank = (is_paired ? wilcoxon(arm, baseline) : mann_whitney(arm, baseline)).p;
  return comparison;
}

void correct(std::vector<ArmComparison>& arms) {
  std::vector<double> p;
  std::vector<double> p_rank;
  for (const ArmComparison& arm : arms) {
    p.push_back(arm.difference.p);
    p_rank.push_back(arm.p_rank);
  }
  const std::vector<double> p_holm = holm(p);
  const std::vector<double> p_rank_holm = holm(p_rank);
  for (std::size_t a = 0; a < arms.size(); ++a) {
    arms[a].p_holm = p_holm[a];
    arms[a].p_rank_holm = p_rank_holm[a];
  }
}

}  // namespace

StudyComparison compare_arms(const ExperimentResult& study, const std::filesystem::path& folder,
                             const Statistic& statistic, std::size_t baseline, const std::function<bool()>& stop) {
  StudyComparison comparison;
  comparison.statistic = name_of(statistic);
  comparison.baseline = study.arms[baseline].label;
  comparison.is_paired = study.pair_arms;
  const std::vector<double> all_of_baseline = values_of(study, folder, baseline, statistic, stop);
  const std::vector<double> finite_baseline = finite_values(all_of_baseline);
  require_two(comparison.baseline, finite_baseline, comparison.statistic);
  comparison.baseline_seeds = finite_baseline.size();
  comparison.baseline_mean = mean_of(finite_baseline);
  comparison.left_out = all_of_baseline.size() - finite_baseline.size();
  for (std::size_t a = 0; a < study.arms.size(); ++a) {
    if (a == baseline) continue;
    const std::vector<double> all = values_of(study, folder, a, statistic, stop);
    const auto [own, others] =
        study.pair_arms ? finite_pairs(all, all_of_baseline) : std::pair(finite_values(all), finite_baseline);
    require_two(study.arms[a].label, own, comparison.statistic);
    comparison.left_out += all.size() - finite_values(all).size();
    comparison.arms.push_back(compared(own, others, study.pair_arms));
    comparison.arms.back().label = study.arms[a].label;
  }
  correct(comparison.arms);
  return comparison;
}

}  // namespace touchstone
