#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/update_space/verified.h"

namespace touchstone {

struct UpdateSearch {
  ExplainsUpdates explains;
  /// Where the difference may begin: nothing before it is looked at. Of as many differences, the one that begins first
  /// in this list is found.
  std::vector<std::int64_t> from_updates = {0};
  std::size_t jobs = 1;
  std::function<bool()> stop_requested;
};

/// An update that accounts for what was recorded.
struct UpdateFinding {
  UpdateSpec update;  ///< with its deviations and the numbers found
  std::vector<Edit> edits;
  std::optional<VerifiedPoint> point = {};
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

/// Searches the known deviations, up to three at a time, with every number solved for, first of the recorded state,
/// then of the step; the fewest differences first. Throws Interrupted once asked to stop.
UpdateFindings search_updates(const Candidate& candidate, const UpdateSearch& search);

}  // namespace touchstone
