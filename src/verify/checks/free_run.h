#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "verify/checks/single_step.h"
#include "verify/compare/candidate.h"

namespace touchstone {

/// How far the free-running comparison can see: up to where noise alone has moved the parameters by 1 % of how
/// far they have come. Beyond it nothing is compared.
struct Horizon {
  std::int64_t moment = INT64_MAX;     ///< the first that is beyond it (Site::moment)
  std::optional<std::int64_t> update;  ///< the last update whose parameters are within, if it lies inside the run
  std::int64_t epochs = 0;             ///< epochs that are wholly within it
};

/// Compares the run from its start with the reference's. What lies before update `judged_from` was judged update
/// by update; here it only enters the table, since a rounding that is amplified is no fault.
Horizon check_free_run(const Candidate& candidate, const Setup& setup, const Scope& scope, std::int64_t judged_from,
                       std::size_t jobs, Scoreboard& board);

}  // namespace touchstone
