#include "check/epoch_metrics_check.h"

#include <cmath>
#include <numeric>

#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

/// What an epoch's metrics are, and how far they may be off.
struct ExpectedMetrics {
  double loss;
  double loss_noise;
  double accuracy;
  double undecided;
};

/// Relative, of the epoch's losses if each row's is added to those before in the candidate's precision.
double error_of_sum_in_order(const std::vector<double>& row_losses, Precision precision) {
  const double exact = std::accumulate(row_losses.begin(), row_losses.end(), 0.0);
  const double in_order = precision == Precision::float32
                              ? std::accumulate(row_losses.begin(), row_losses.end(), 0.0F,
                                                [](float sum, double loss) { return sum + static_cast<float>(loss); })
                              : exact;
  return std::isfinite(exact) && std::isfinite(in_order) && exact != 0.0 ? std::abs(in_order / exact - 1.0) : 0.0;
}

ExpectedMetrics over_batches(const EpochSums& sums, Precision precision) {
  const auto rows = static_cast<double>(sums.rows);
  const double loss = sums.loss / rows;
  const double noise = sums.loss_noise / rows + std::abs(loss) * error_of_sum_in_order(sums.row_losses, precision);
  return {loss, noise, static_cast<double>(sums.correct) / rows, static_cast<double>(sums.undecided) / rows};
}

ExpectedMetrics after_epoch(const UpdateCheck& check, const std::vector<at::Tensor>& parameters) {
  const double ulp = check.candidate.ulp();
  const Outcome outcome = outcome_of(check.spec, parameters, check.data.train_x, check.data.train_y,
                                     equal_weights(check.data.train_y.size(0)), ulp);
  const auto rows = static_cast<double>(check.candidate.trace.rows());
  return {outcome.mean_loss, floor_units * ulp * std::abs(outcome.mean_loss),
          static_cast<double>(outcome.correct) / rows, static_cast<double>(outcome.undecided) / rows};
}

/// The mean of the batches' means.
ExpectedMetrics by_batch(const EpochSums& sums, Precision precision) {
  const auto batches = static_cast<double>(sums.updates);
  const double loss = sums.loss_means / batches;
  const double noise =
      sums.noise_of_means / batches + std::abs(loss) * error_of_sum_in_order(sums.row_losses, precision);
  return {loss, noise, sums.accuracy_means / batches, sums.undecided_means / batches};
}

ExpectedMetrics expected_metrics(const UpdateCheck& check, const EpochSums& sums) {
  const bool is_by_batch = check.spec.train_metrics == TrainingSpec::TrainMetrics::mean_of_batches;
  return is_by_batch ? by_batch(sums, check.candidate.precision()) : over_batches(sums, check.candidate.precision());
}

}  // namespace

void EpochSums::add(const Outcome& batch, std::int64_t length, double noise) {
  const auto count = static_cast<double>(length);
  loss += batch.mean_loss * count;
  loss_noise += noise * count;
  row_losses.insert(row_losses.end(), batch.row_losses.begin(), batch.row_losses.end());
  correct += batch.correct;
  undecided += is_chaotic(noise, batch.mean_loss) ? length : batch.undecided;
  rows += length;
  loss_means += batch.mean_loss;
  noise_of_means += noise;
  accuracy_means += static_cast<double>(batch.correct) / count;
  undecided_means += (is_chaotic(noise, batch.mean_loss) ? count : static_cast<double>(batch.undecided)) / count;
  ++updates;
}

void check_training_metrics(const UpdateCheck& check, std::int64_t epoch, const EpochSums& sums, const Scope& scope,
                            Scoreboard& board) {
  const Candidate& candidate = check.candidate;
  const bool is_afterwards = check.spec.train_metrics == TrainingSpec::TrainMetrics::after_epoch;
  const auto parameters =
      is_afterwards ? candidate.parameters_after_epoch(epoch, check.updates_per_epoch()) : std::nullopt;
  if (is_afterwards && !parameters) return;
  const ExpectedMetrics metrics = is_afterwards ? after_epoch(check, *parameters) : expected_metrics(check, sums);
  const auto judge = [&](const char* series, const Expected& expected) {
    const Site site = epoch_site(series, epoch, check.updates_per_epoch());
    if (!scope.contains(site)) return;
    if (const auto got = candidate.record(series, static_cast<std::size_t>(epoch))) {
      board.add(worst_deviation(site, Mode::single_step, *got, expected, scope));
    }
  };
  const auto rows = static_cast<double>(candidate.trace.rows());
  judge("epoch/loss", {{metrics.loss}, {metrics.loss_noise}, sum_floor(metrics.loss, rows, candidate.ulp())});
  judge("epoch/accuracy", {{metrics.accuracy}, {0.0}, metrics.undecided + 0.1 / rows});
}

}  // namespace touchstone
