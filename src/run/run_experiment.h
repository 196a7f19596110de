#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "results/result.h"
#include "run/loaded_experiment.h"
#include "training/interrupted.h"
#include "training/train_arms.h"

namespace touchstone {

/// How an experiment runs; recorded in its manifest.
struct RunSettings {
  TrainOptions train;
  std::string engine;
  std::string dtype;
  std::map<std::string, std::string> versions;
};

/// Thrown when an experiment is stopped; the finished arms are written.
class RunInterrupted : public Interrupted {
 public:
  explicit RunInterrupted(std::vector<std::string> finished) : finished_(std::move(finished)) {}
  const std::vector<std::string>& finished() const { return finished_; }  ///< arms, by label

 private:
  std::vector<std::string> finished_;
};

/// Trains an experiment's arms, or computes the values that it draws, and writes the results to `folder`: each arm when
/// it ends, then summary and manifest. Results of an earlier run are removed first. `observer` receives the progress of
/// trained arms. Throws RunInterrupted if the observer requests it, and EnvironmentError.
ExperimentResult run_experiment(const LoadedExperiment& loaded, const RunSettings& settings,
                                const std::filesystem::path& folder, ArmObserver& observer);

}  // namespace touchstone
