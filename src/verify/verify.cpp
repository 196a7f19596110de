#include "verify/verify.h"

#include "trace/setup.h"

namespace touchstone {

Verdict verify(const Candidate& candidate, const Setup& setup, const Scope& scope, std::size_t jobs) {
  Verdict verdict;
  Scoreboard board;
  const auto go_on = [&] { return board.agrees() || !scope.stop_at_first; };
  verdict.updates = setup.config.fit.epochs * updates_per_epoch(setup, candidate.trace.rows());
  check_rates(candidate, setup, scope, board);
  if (go_on()) verdict.coverage = check_updates(candidate, setup, scope, board);
  if (go_on()) check_validation(candidate, setup, scope, board);
  const bool all_judged = verdict.coverage.whole_until == verdict.updates;
  if (go_on() && !(scope.judged_only && all_judged)) {
    verdict.horizon = check_free_run(candidate, setup, scope, verdict.coverage.whole_until, jobs, board);
  }
  verdict.first = board.first();
  verdict.first_unjudged = board.first_unjudged();
  verdict.scores = board.scores();
  verdict.compared = board.compared();
  return verdict;
}

}  // namespace touchstone
