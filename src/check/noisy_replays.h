#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "check/candidate.h"
#include "check/free_run.h"
#include "check/scope.h"
#include "training/training_spec.h"

namespace touchstone {

/// One observation of a run, at `site`.
struct RunRecord {
  Site site;
  std::size_t in_candidate = 0;  ///< which record of the candidate's array
  std::size_t in_run = 0;        ///< which of the replayed runs'
};

/// A candidate's run from its start, repeated: once exactly, and several times with rounding, of which only the
/// distances from the exact one are kept.
class NoisyReplays {
 public:
  NoisyReplays(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs);

  /// Repeats so many epochs, and `tries` times with the candidate's precision: from perturbed initial parameters and
  /// with perturbed gradients, or with a noisy network and rule.
  void run(std::int64_t epochs, int tries);

  std::int64_t epochs() const { return epochs_; }
  int tries() const { return tries_; }
  bool has(const std::string& series) const { return truth_.find(series) != nullptr; }
  std::vector<double> truth_of(const std::string& series, std::size_t record) const;
  double noise_at(const std::string& series, std::size_t record) const { return noise_.at(series)[record]; }

  /// Every observation of the first `epochs` that `series` has in both, in time.
  std::vector<RunRecord> records_of(const std::string& series, std::int64_t epochs) const;

  Horizon horizon() const;

 private:
  /// How far each record of a run was from the truth's, by series.
  using Distances = std::map<std::string, std::vector<double>>;

  Distances distances_of(std::uint32_t attempt) const;
  void run_once(Precision precision, std::uint32_t attempt, const RecordSink& sink) const;

  const Candidate& candidate_;
  const TrainingSpec& spec_;
  const Scope& scope_;
  std::size_t jobs_;
  std::int64_t updates_per_epoch_;
  std::int64_t epochs_ = 0;
  int tries_ = 0;
  Trace truth_;
  Distances noise_;  ///< the largest of all tries
};

}  // namespace touchstone
