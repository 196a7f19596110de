#pragma once

#include <cstdint>
#include <optional>

#include "check/candidate.h"
#include "check/scope.h"
#include "check/scoreboard.h"

namespace touchstone {

/// How much of a run single-step comparison could judge.
struct Coverage {
  std::int64_t updates = 0;      ///< checked, wholly or in part
  std::int64_t whole_until = 0;  ///< every update before this one was checked wholly: gradients and parameters
};

/// Checks each recorded update locally: from the candidate's own parameters and optimizer state before it, the
/// batch's loss and gradients, then the state and parameters after it; and what an epoch's updates say of the
/// epoch's loss and accuracy. What is not recorded is not checked.
/// Looks at parts of the run side by side, on `jobs` cores, unless it is to stop at the first thing out of bounds; what
/// it finds does not depend on how many.
Coverage check_updates(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs,
                       Scoreboard& board);

/// The mean loss of a recorded update's batch, from the candidate's parameters before it; nothing if they are not
/// recorded.
std::optional<double> loss_at(const Candidate& candidate, const TrainingSpec& spec, std::int64_t update);

/// Checks the rates: of each update from the epoch's rate, and of each epoch from the candidate's own monitored series,
/// or from its parameters after the epoch if that is not recorded. Returns the time (Site::time) from which on the
/// rates could not be followed; INT64_MAX if all could.
std::int64_t check_rates(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, Scoreboard& board);

/// Checks `val_loss` and `val_accuracy` from the candidate's parameters after the epoch, where recorded.
void check_validation(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, Scoreboard& board);

}  // namespace touchstone
