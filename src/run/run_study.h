#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "run/run_experiment.h"
#include "study/join.h"
#include "study/plan.h"

namespace touchstone {

/// How a study runs: its seeds, and which shard of them.
struct StudySettings {
  RunSettings run;  ///< its seed is ignored
  SeedRange seeds;
  Shard shard;
  bool resumes = false;   ///< continues from stored blocks
  bool is_fresh = false;  ///< deletes all stored blocks; otherwise only those that it computes again
};

/// Receives the progress of a study; called from several threads at once.
class StudyObserver {
 public:
  virtual ~StudyObserver() = default;
  /// The work that was stored before and the work done now, in the unit of cost_of_study.
  virtual void on_progress(double /*before*/, double /*now*/) {}
  virtual bool stop_requested() { return false; }
};

/// The estimated cost of all runs of a study or a shard. An engine does about the same number of units per second in
/// every experiment.
double cost_of_study(const LoadedExperiment& loaded, const StudySettings& settings);

/// The runs of a study, and its result.
struct StudyEnd {
  std::uint64_t trained = 0;          ///< runs trained now, of all arms
  std::uint64_t kept = 0;             ///< runs stored before
  std::optional<StudyResult> result;  ///< if the study is complete
};

/// Trains the missing seeds of a shard, block by block, and stores each block in `folder/study`. Joins the blocks if
/// this is the whole study. The result does not depend on the number of jobs, on shards or on interruptions. Throws
/// Interrupted if the observer requests it, EnvironmentError and UserError.
StudyEnd run_study(const LoadedExperiment& loaded, const StudySettings& settings, const std::filesystem::path& folder,
                   StudyObserver& observer);

}  // namespace touchstone
