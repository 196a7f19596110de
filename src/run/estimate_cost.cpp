#include "run/estimate_cost.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "data/dataset.h"
#include "experiment/config.h"
#include "study/plan.h"
#include "training/run_cost.h"
#include "training/train_seeds.h"

namespace touchstone {
namespace {

constexpr std::int64_t timed_updates = 300;
constexpr std::uint64_t bytes_per_epoch_of_study = 40;  // five doubles
constexpr std::uint64_t bytes_per_epoch_of_run = 70;    // a line of history.csv
constexpr std::uint64_t bytes_per_row = 150;            // a line of study.csv

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// The first rows, so that few updates make an epoch.
Split shortened(const Split& data, std::int64_t rows) {
  const auto count = std::min(data.train.rows(), static_cast<std::size_t>(rows));
  return {count < data.train.rows() ? split(data.train, count).train : data.train, data.test};
}

/// Seconds for `seeds` runs of an arm on one core.
double seconds_of(const LoadedExperiment& loaded, std::size_t arm, const TrainOptions& options, std::uint64_t seeds) {
  RunConfig config = std::get<RunConfig>(loaded.experiment.arms[arm].config);
  const auto rows = static_cast<std::int64_t>(loaded.data[arm]->train.rows());
  const auto updates = static_cast<double>(count_updates(config, rows));
  const double cost =
      cost_of_run(config, static_cast<std::int64_t>(loaded.data[arm]->train.features), rows, options.engine);
  const std::uint64_t together = batches_replicas(options.engine) ? std::min(seeds, seeds_per_block(cost)) : 1;
  std::vector<std::uint32_t> some(together);
  for (std::size_t i = 0; i < some.size(); ++i) some[i] = static_cast<std::uint32_t>(i);

  const Split data = shortened(*loaded.data[arm], config.fit.batch_size * timed_updates);
  const auto timed_rows = static_cast<std::int64_t>(data.train.rows());
  const std::int64_t per_epoch = (timed_rows - 1) / config.fit.batch_size + 1;
  config.fit.epochs = std::clamp<std::int64_t>(timed_updates / per_epoch, 1, config.fit.epochs);
  Observer nobody;
  const double begin = now();
  train_seeds(config, data, stream_of(loaded.experiment, arm), some, options, nobody);
  const double seconds = now() - begin;
  return seconds * updates / static_cast<double>(count_updates(config, timed_rows)) * static_cast<double>(seeds) /
         static_cast<double>(together);
}

}  // namespace

CostEstimate estimate_cost(const LoadedExperiment& loaded, const RunSettings& settings, std::uint64_t seeds) {
  CostEstimate estimate{0.0, 0};
  double longest = 0.0;
  for (std::size_t a = 0; a < loaded.experiment.arms.size(); ++a) {
    const auto* config = std::get_if<RunConfig>(&loaded.experiment.arms[a].config);
    if (config == nullptr) continue;
    const double seconds = seconds_of(loaded, a, settings.train, seeds);
    estimate.seconds += seconds;
    longest = std::max(longest, seconds / static_cast<double>(seeds));
    const auto epochs = static_cast<std::uint64_t>(config->fit.epochs);
    estimate.bytes += seeds == 1 ? epochs * bytes_per_epoch_of_run
                                 : seeds * (epochs * bytes_per_epoch_of_study + bytes_per_row) + epochs * 5 * 100;
  }
  estimate.seconds = std::max(estimate.seconds / static_cast<double>(settings.train.jobs), longest);
  return estimate;
}

}  // namespace touchstone
