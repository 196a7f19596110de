#include "check/verify.h"

#include "training/training_spec.h"

namespace touchstone {

Verdict verify(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs) {
  Verdict verdict;
  Scoreboard board(scope.only);
  const auto go_on = [&] { return board.agrees() || !scope.stop_at_first; };
  verdict.updates = spec.epochs * updates_per_epoch(spec.batches, candidate.trace.rows());
  const bool needs_rates = board.wants(Part::rate) || board.wants(Part::run);
  const std::int64_t rates_until = needs_rates ? check_rates(candidate, spec, scope, board) : INT64_MAX;
  const bool by_updates = scope.only != Part::rate && scope.only != Part::validation;
  if (by_updates && go_on()) verdict.coverage = check_updates(candidate, spec, scope, jobs, board);
  if (board.wants(Part::validation) && go_on()) check_validation(candidate, spec, scope, board);
  const bool all_judged = verdict.coverage.whole_until == verdict.updates && rates_until == INT64_MAX;
  if (board.wants(Part::run) && !candidate.trace.has_given_gradients() && go_on() &&
      !(scope.judged_only && all_judged)) {
    const JudgedBefore before{2 * verdict.coverage.whole_until, rates_until};
    verdict.horizon = check_free_run(candidate, spec, scope, before, jobs, board);
  }
  verdict.first = board.first();
  verdict.first_unjudged = board.first_unjudged();
  verdict.scores = board.scores();
  verdict.parts = board.parts();
  verdict.failed = board.failed();
  verdict.judged = board.judged();
  verdict.swallowed = board.swallowed();
  verdict.compared_records = board.compared_records();
  verdict.compared = board.compared();
  return verdict;
}

}  // namespace touchstone
