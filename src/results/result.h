#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "experiment/figure_config.h"
#include "experiment/kinds.h"
#include "experiment/resolved_value.h"
#include "files/file_error.h"
#include "training/history.h"

namespace touchstone {

/// What many seeds did, epoch by epoch: of each metric the mean, and what 5 and 95 % of the seeds are below; of those
/// seeds whose value is finite.
struct Bands {
  std::vector<EpochMetrics> mean;
  std::vector<EpochMetrics> p05;
  std::vector<EpochMetrics> p95;
  std::int64_t diverged = 0;  ///< so many seeds did
};

/// What one arm produced. Which of the three it is follows from the experiment's kind.
struct ArmResult {
  std::string label;
  std::vector<ResolvedValue> resolved;
  History history;                            ///< training; of a study, the seeds' median
  std::vector<double> rates;                  ///< schedule: the rate at step 0, 1, ...
  Dataset data;                               ///< scatter
  std::optional<Bands> bands = std::nullopt;  ///< of a study
};

/// How the results were made, for the manifest.
struct Provenance {
  std::uint32_t seed = 0;
  std::uint64_t seeds = 0;  ///< of a study: so many, from `seed` on
  std::string engine;
  std::string device;
  std::string dtype;
  std::map<std::string, std::string> versions;
  double wall_seconds = 0.0;  ///< of a run: a study may have been made in parts
};

/// Everything that a figure or a report needs of one experiment.
struct ExperimentResult {
  std::string name;
  std::string title;
  std::string description;
  Kind kind = Kind::training;
  std::vector<FigureConfig> figures;
  Provenance provenance;
  std::vector<ArmResult> arms;
};

/// Writes `folder/arm_II/`: history.csv of a training, rates.csv (step, lr) of a schedule, points.csv
/// (x0, x1, ..., class) of a scatter. Every file is whole or absent. Throws FileError.
void write_arm(const std::filesystem::path& folder, Kind kind, std::size_t index, const ArmResult& arm);

/// Writes `folder/summary.csv` and `folder/manifest.json`. Throws FileError.
void write_summary(const std::filesystem::path& folder, const ExperimentResult& result);

/// Removes what an earlier run of the experiment left (summary, manifest, arms and figures' scripts), so that the
/// folder holds one run's; a study's files stay. Throws FileError.
void remove_earlier_run(const std::filesystem::path& folder);

/// Reads back what write_arm and write_summary wrote; the experiment's name is the manifest's, which is trusted in
/// nothing. Throws FileError or ConfigError, naming the file, its line or key, and what was expected.
ExperimentResult read_result(const std::filesystem::path& folder);

/// "ok", or "diverged" for a history that met a NaN or infinite loss.
std::string status_of(const History& history);

}  // namespace touchstone
