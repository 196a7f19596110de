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

/// How an experiment is carried out, and what its manifest says of that.
struct RunSettings {
  TrainOptions train;
  std::string engine;
  std::string dtype;
  std::map<std::string, std::string> versions;
};

/// Thrown out of an experiment that was asked to stop; what had ended is written.
class RunInterrupted : public Interrupted {
 public:
  explicit RunInterrupted(std::vector<std::string> finished) : finished_(std::move(finished)) {}
  const std::vector<std::string>& finished() const { return finished_; }  ///< arms, by label

 private:
  std::vector<std::string> finished_;
};

/// Trains an experiment's arms, or computes what it draws, into `folder`: each arm as it ends, then summary and
/// manifest. What an earlier run left there is removed first. `observer` is notified of the arms of a training. Throws
/// RunInterrupted if the observer asks for it, and FileError.
ExperimentResult carry_out(const LoadedExperiment& loaded, const RunSettings& settings,
                           const std::filesystem::path& folder, ArmObserver& observer);

}  // namespace touchstone
