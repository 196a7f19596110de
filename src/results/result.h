#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "experiment/figure_config.h"
#include "experiment/kinds.h"
#include "experiment/resolved_value.h"
#include "files/errors.h"
#include "training/history.h"

namespace touchstone {

/// Statistics over seeds, per epoch and metric: mean, 5th and 95th percentile of the seeds with a finite value.
struct Bands {
  std::vector<EpochMetrics> mean;
  std::vector<EpochMetrics> p05;
  std::vector<EpochMetrics> p95;
  std::int64_t diverged = 0;     ///< the number of diverged seeds
  EpochMetrics half_width = {};  ///< of the 95 % confidence interval of the mean after the last epoch; NaN of one seed
};

/// The result of one arm; the experiment's kind decides which of the three it has.
struct ArmResult {
  std::string label;
  std::vector<ResolvedValue> resolved;
  History history;                                               ///< training; of a study, the seeds' median
  std::vector<double> rates;                                     ///< schedule: the rate at step 0, 1, ...
  Dataset data;                                                  ///< scatter
  std::optional<Bands> bands = std::nullopt;                     ///< of a study
  std::vector<std::pair<std::string, std::string>> varied = {};  ///< dotted key, value as text: what the arms vary
};

/// How the results were computed, for the manifest.
struct Provenance {
  std::uint32_t seed = 0;
  std::uint64_t seeds = 0;  ///< of a study: so many, from `seed` on
  std::string engine;
  std::string device;
  std::string dtype;
  std::map<std::string, std::string> versions;
  double wall_seconds = 0.0;  ///< of a run: a study may have been made in parts
};

/// The result of an experiment: all that figures and reports need.
struct ExperimentResult {
  std::string name;
  std::string title;
  std::string description;
  Kind kind = Kind::training;
  std::vector<FigureConfig> figures;
  Provenance provenance;
  bool pair_arms = false;               ///< every arm of a seed has the same random stream
  std::vector<std::string> statistics;  ///< of a study: by name, the columns of study.csv
  std::vector<ArmResult> arms;
};

/// Writes `folder/arm_II/`: history.csv of a training, rates.csv (step, lr) of a schedule, points.csv
/// (x0, x1, ..., class) of a scatter. Files are written atomically. Throws
/// EnvironmentError.
void write_arm(const std::filesystem::path& folder, Kind kind, std::size_t index, const ArmResult& arm);

/// Writes `folder/summary.csv` and `folder/manifest.json`. Throws EnvironmentError.
void write_summary(const std::filesystem::path& folder, const ExperimentResult& result);

/// Removes the results of an earlier run (summary, manifest, arms and figure scripts); a study's files stay. Throws
/// EnvironmentError.
void remove_earlier_run(const std::filesystem::path& folder);

/// Reads back what write_arm and write_summary wrote; the manifest is validated like an experiment file. Throws
/// UserError, naming the file, its line or key, and what was expected.
ExperimentResult read_result(const std::filesystem::path& folder);

/// "ok", or "diverged" for a history that met a NaN or infinite loss.
std::string status_of(const History& history);

}  // namespace touchstone
