#include "check/forward.h"
#include "check/measured.h"
#include "check/single_step.h"
#include "tolerance/tolerance.h"
#include "training/interrupted.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {

void check_validation(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, Scoreboard& board) {
  const std::int64_t updates = updates_per_epoch(spec.batches, candidate.trace.rows());
  const TrainingData data = data_of(candidate.trace, Precision::float64);
  const auto rows = static_cast<double>(candidate.trace.test_rows());

  const std::int64_t epochs = candidate.observed_epochs();
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    if (scope.stop_at_first && !board.agrees()) return;
    if (scope.stop_requested()) throw Interrupted();
    const Site loss_site = epoch_site("epoch/val_loss", epoch, updates);
    if (!scope.contains(loss_site)) continue;
    const auto truth = validation_outcome(candidate, spec, data, epoch);
    if (!truth) continue;
    NoiseEstimate noise_estimate = validation_loss(candidate, spec, data, epoch, truth->mean_loss);
    if (const auto loss = candidate.record("epoch/val_loss", static_cast<std::size_t>(epoch))) {
      board.add(measured_deviation(
          noise_estimate, loss_site, *loss, {true, rows}, [](const Deviation&) { return true; }, scope));
    }
    if (const auto accuracy = candidate.record("epoch/val_accuracy", static_cast<std::size_t>(epoch))) {
      const bool undecided = is_chaotic(noise_estimate.noise("epoch/val_loss"), truth->mean_loss);
      const double slack = undecided ? rows : static_cast<double>(truth->undecided);
      const Expected expected{{truth->accuracy}, {0.0}, slack * truth->largest_weight + 0.1 / rows};
      board.add(worst_deviation(epoch_site("epoch/val_accuracy", epoch, updates), Mode::single_step, *accuracy,
                                expected, scope));
    }
  }
}

}  // namespace touchstone
