#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiment/optimizer_config.h"
#include "verify/compare/candidate.h"

namespace touchstone {

/// A point of the space of updates: what an engine does where it was declared to do something else.
struct UpdateFinding {
  OptimizerConfig config;  ///< with the choices that were made (optim/choices.h) and the numbers found
  std::vector<std::string> names;
  std::vector<std::string> sentences;
  std::vector<std::string> details;  ///< numbers that were found: "epsilon 1e-08 instead of 1e-07"
};

/// What was found of an update that differs.
struct UpdateFindings {
  std::vector<UpdateFinding> findings;  ///< more than one: the trace cannot tell them apart
  std::int64_t from_update = 0;         ///< from which on they account for what was recorded
  /// The point that comes nearest, where none accounts for the updates.
  std::optional<UpdateFinding> closest;
  std::optional<std::string>
      residual_correlate;  ///< what is left over between that and the trace is proportional to it
  std::size_t points_tried = 0;
};

struct UpdateSearch {
  /// Whether an optimizer with choices accounts for every recorded update from one on.
  std::function<bool(const OptimizerConfig&, std::int64_t from_update)> explains;
  /// Where the difference may begin: nothing before it is looked at. Of as many differences, the one that begins first
  /// in this list is found.
  std::vector<std::int64_t> from_updates = {0};
  std::size_t jobs = 1;
  std::function<bool()> stop_requested;
};

/// Searches the space of updates: the axes of update_axes up to three at a time, every number solved for, first of the
/// recorded state, then of the step; the fewest differences first. Throws Interrupted once asked to stop.
UpdateFindings identify_update(const Candidate& candidate, const UpdateSearch& search);

}  // namespace touchstone
