#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "report/reported_experiment.h"
#include "run/run_study.h"

namespace touchstone {

/// An experiment to report on, and how a command names it.
struct ReportedName {
  LoadedExperiment loaded;
  std::string name;  ///< "cell_03_batch_size", "mine.yaml"
};

/// Throws UserError if `results/NAME` holds a study of other arms than an experiment has.
void require_same_arms(const ReportedName& named, const std::filesystem::path& results);

/// Reads what is stored of each experiment in `results/NAME`, draws its figures and reads its claims; rates of
/// schedules and points of data are computed if they are not stored. Every training must have a stored study. Throws
/// UserError, also for results of other arms, EnvironmentError, and Interrupted once `stop` returns true.
std::vector<ReportedExperiment> gather_report(const std::vector<ReportedName>& experiments, const RunSettings& settings,
                                              const std::filesystem::path& results, const std::function<bool()>& stop);

/// The command that repeats a study or a run, with the overrides that it was made with.
std::string repeat_command(const std::string& name, const ExperimentResult& result);

}  // namespace touchstone
