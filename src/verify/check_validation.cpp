#include <ATen/core/Tensor.h>

#include "trace/setup.h"
#include "training/training_data.h"
#include "verify/envelope.h"
#include "verify/forward.h"
#include "verify/nudge.h"
#include "verify/single_step.h"
#include "verify/tolerance.h"

namespace touchstone {

void check_validation(const Candidate& candidate, const Setup& setup, const Scope& scope, Scoreboard& board) {
  const std::int64_t updates = updates_per_epoch(setup, candidate.trace.rows());
  const TrainingData in_double = data_of(candidate.trace, Precision::float64);
  const TrainingData in_candidates = data_of(candidate.trace, candidate.precision());
  const auto rows = static_cast<double>(candidate.trace.test_rows());

  const std::int64_t epochs = candidate.observed_epochs();
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    if (scope.stop_at_first && !board.agrees()) return;
    if (scope.stop_requested()) throw Interrupted();
    const Site loss_site = epoch_site("epoch/val_loss", epoch, updates);
    if (!scope.contains(loss_site)) continue;
    const auto parameters = candidate.parameters_after_epoch(epoch, updates);
    if (!parameters) continue;
    Outcome truth;
    Envelope envelope(
        [&](Precision precision, std::uint32_t attempt) -> Observations {
          Nudge nudge(attempt);
          const TrainingData& data = precision == Precision::float64 ? in_double : in_candidates;
          const Outcome outcome = outcome_of(setup.config.model, nudged(*parameters, precision, nudge), data.test_x,
                                             data.test_y, candidate.unit(), nudge);
          if (precision == Precision::float64 && attempt == 0) truth = outcome;
          return {{"epoch/val_loss", {outcome.mean_loss}}};
        },
        candidate.precision());
    if (const auto loss = candidate.record("epoch/val_loss", static_cast<std::size_t>(epoch))) {
      board.add(envelope.deviation(loss_site, *loss, {true, rows}, [](const Deviation&) { return true; }));
    }
    if (const auto accuracy = candidate.record("epoch/val_accuracy", static_cast<std::size_t>(epoch))) {
      const Expected expected{
          {static_cast<double>(truth.correct) / rows}, {0.0}, (static_cast<double>(truth.undecided) + 0.1) / rows};
      board.add(
          worst_deviation(epoch_site("epoch/val_accuracy", epoch, updates), Mode::single_step, *accuracy, expected));
    }
  }
}

}  // namespace touchstone
