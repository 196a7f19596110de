#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "check/candidate.h"
#include "training/update_spec.h"

namespace touchstone {

/// What an engine does instead of the declared update.
struct UpdateFinding {
  UpdateSpec update;  ///< with its deviations and the numbers found
  std::vector<std::string> names;
  std::vector<std::string> sentences;
  std::vector<std::string> details;  ///< numbers that were found: "epsilon 1e-08 instead of 1e-07"
};

/// What was found of an update that differs.
struct UpdateFindings {
  std::vector<UpdateFinding> findings;  ///< more than one: the trace cannot tell them apart
  std::int64_t from_update = 0;         ///< from which on they account for what was recorded
  /// The point with one difference that comes nearest, where none accounts for the updates.
  std::optional<UpdateFinding> closest;
  /// What is left over between the declared update and the trace is proportional to this.
  std::optional<std::string> residual_correlate;
  std::size_t points_tried = 0;
};

struct UpdateSearch {
  /// Whether an update accounts for every recorded update from one on.
  std::function<bool(const UpdateSpec&, std::int64_t from_update)> explains;
  /// Where the difference may begin: nothing before it is looked at. Of as many differences, the one that begins first
  /// in this list is found.
  std::vector<std::int64_t> from_updates = {0};
  std::size_t jobs = 1;
  std::function<bool()> stop_requested;
};

/// Searches the known deviations, up to three at a time, with every number solved for, first of the recorded state,
/// then of the step; the fewest differences first. Throws Interrupted once asked to stop.
UpdateFindings identify_update(const Candidate& candidate, const UpdateSearch& search);

}  // namespace touchstone
