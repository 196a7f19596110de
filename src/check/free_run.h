#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "check/candidate.h"
#include "check/single_step.h"

namespace touchstone {

/// How far the free-running comparison can see: up to where noise alone has moved the parameters by 1 % of how
/// far they have come. Beyond it nothing is compared.
struct Horizon {
  std::int64_t time = INT64_MAX;       ///< the first that is beyond it (Site::time)
  std::optional<std::int64_t> update;  ///< the last update whose parameters are within, if it lies inside the run
  std::int64_t epochs = 0;             ///< epochs that are wholly within it
};

/// Until when (Site::time) observations were judged each from the candidate's own state before it.
struct JudgedBefore {
  std::int64_t updates = 0;  ///< gradients, state, parameters, metrics
  std::int64_t rates = 0;
};

/// Compares the run from its start with the reference's. What was judged before only enters the table here, since a
/// rounding that is amplified is no fault. Beyond the horizon, a value that no rounding makes is a deviation: one that
/// is not finite where the reference and all noisy runs are, a loss below 0, an accuracy that is no share of the rows.
Horizon check_free_run(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope,
                       const JudgedBefore& before, std::size_t jobs, Scoreboard& board);

}  // namespace touchstone
