#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "run/carry_out.h"
#include "study/join.h"
#include "study/plan.h"

namespace touchstone {

/// How a study is carried out: its seeds, and which share of them here.
struct StudySettings {
  RunSettings run;  ///< the seed is not looked at
  SeedRange seeds;
  Share share;
  bool resumes = false;   ///< from the blocks that are kept
  bool is_fresh = false;  ///< deletes blocks that are kept, whatever they are; else those alone that it computes again
};

/// Hears of a study; called from several threads at once.
class StudyObserver {
 public:
  virtual ~StudyObserver() = default;
  /// How much of the work, in the unit of cost_of_study, is kept from before, and was done now.
  virtual void on_progress(double /*before*/, double /*now*/) {}
  virtual bool stop_requested() { return false; }
};

/// What the runs of a study, or a share, cost together, in a unit of which an engine does about as many a second
/// whatever the experiment.
double cost_of_study(const LoadedExperiment& loaded, const StudySettings& settings);

/// What a study did of its seeds.
struct StudyEnd {
  std::uint64_t trained = 0;          ///< runs, of all arms
  std::uint64_t kept = 0;             ///< that were kept before
  std::optional<StudyResult> result;  ///< of a study that is whole
};

/// Trains the seeds of a share that are not kept, block after block, the dearest first, each of which is kept in
/// `folder/study`; and joins them, if it is the whole study. The result depends neither on the number of jobs nor on
/// shares nor on interruptions. Throws Interrupted if the observer asks for it, FileError and TraceError.
StudyEnd carry_out_study(const LoadedExperiment& loaded, const StudySettings& settings,
                         const std::filesystem::path& folder, StudyObserver& observer);

}  // namespace touchstone
