#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "check/candidate.h"
#include "check/free_run.h"
#include "check/scoreboard.h"
#include "check/single_step.h"

namespace touchstone {

/// What checking a trace has shown.
struct Verdict {
  std::optional<Deviation> first;           ///< the first divergence, in order of cause; none: the trace agrees
  std::optional<Deviation> first_unjudged;  ///< where the free run left the noise though every update follows
  std::vector<SeriesScore> scores;
  std::vector<PartScore> parts;  ///< as Scoreboard::parts has them
  Horizon horizon;
  Coverage coverage;
  std::int64_t updates = 0;  ///< of the whole run
  Unexplained failed;        ///< every observation that is out of bounds
  Judged judged;
  Swallowed swallowed;
  std::vector<std::shared_ptr<const Compared>> compared_records;  ///< that the scope keeps
  std::int64_t compared = 0;  ///< observations that were compared with anything; none: neither agrees nor diverges
  bool agrees() const { return compared > 0 && !first; }
};

/// Checks a candidate against the reference (`spec` = spec_of(candidate.config)) or a hypothesis: every update,
/// epoch and rate from the candidate's own state, then the run from its start.
Verdict verify(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs);

}  // namespace touchstone
