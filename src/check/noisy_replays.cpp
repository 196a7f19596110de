#include "check/noisy_replays.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <memory>
#include <mutex>
#include <utility>

#include "tolerance/distance.h"
#include "tolerance/noisy_step.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

std::size_t records_in(const std::string& series, const Array& array) {
  return boost::starts_with(series, "final/") ? 1 : static_cast<std::size_t>(array.shape[0]);
}

}  // namespace

NoisyReplays::NoisyReplays(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs)
    : candidate_(candidate),
      spec_(spec),
      scope_(scope),
      jobs_(jobs),
      updates_per_epoch_(updates_per_epoch(spec.batches, candidate.trace.rows())) {}

void NoisyReplays::run(std::int64_t epochs, int tries) {
  if (epochs != epochs_) {
    epochs_ = epochs;
    tries_ = 0;
    truth_ = {};
    run_once(Precision::float64, 0, appending_to(truth_));
    noise_.clear();
    for (const auto& [series, array] : truth_.arrays) noise_[series].assign(records_in(series, array), 0.0);
  }
  if (tries <= tries_) return;
  std::mutex merging;
  parallel_for(static_cast<std::size_t>(tries - tries_), jobs_, [&](std::size_t i) {
    const Distances distances = distances_of(static_cast<std::uint32_t>(tries_) + static_cast<std::uint32_t>(i) + 1);
    const std::lock_guard lock(merging);
    for (const auto& [series, found] : distances) {
      std::vector<double>& noise = noise_.at(series);
      for (std::size_t record = 0; record < found.size(); ++record) {
        noise[record] = std::max(noise[record], found[record]);
      }
    }
  });
  tries_ = tries;
}

NoisyReplays::Distances NoisyReplays::distances_of(std::uint32_t attempt) const {
  Distances distances;
  run_once(candidate_.precision(), attempt,
           [&](const std::string& series, const std::vector<std::int64_t>&, const std::vector<double>& values) {
             std::vector<double>& found = distances[series];
             found.push_back(distance_between(values, truth_of(series, found.size())));
           });
  return distances;
}

void NoisyReplays::run_once(Precision precision, std::uint32_t attempt, const RecordSink& sink) const {
  TrainingSpec spec = spec_;
  spec.epochs = epochs_;
  ReplayOptions options;
  options.precision = precision;
  for (const std::int64_t update : candidate_.updates) {
    if (update < epochs_ * updates_per_epoch_) options.plan.updates.push_back(update);
  }
  options.plan.epochs = count_from_zero(epochs_);
  options.stop_requested = scope_.stop_requested;
  Noise noise = noise_of(candidate_.precision(), attempt);
  if (attempt > 0) {
    options.perturb = [&noise](const at::Tensor& initial) { return perturb_ulp(initial, noise); };
    options.make_step = [&](const std::vector<at::Tensor>& parameters) -> std::unique_ptr<TrainingStep> {
      if (attempt % 2 == 1) return std::make_unique<PerturbedStep>(spec, parameters, noise);
      return std::make_unique<NoisyStep>(spec, parameters, noise);
    };
  }
  replay(candidate_.trace, spec, options, sink);
}

std::vector<double> NoisyReplays::truth_of(const std::string& series, std::size_t record) const {
  const Array& array = truth_.arrays.at(series);
  return boost::starts_with(series, "final/") ? array.values : array.record(record);
}

std::vector<RunRecord> NoisyReplays::records_of(const std::string& series, std::int64_t epochs) const {
  std::vector<RunRecord> records;
  if (boost::starts_with(series, "step/")) {
    for (std::size_t i = 0; i < candidate_.updates.size(); ++i) {
      if (candidate_.updates[i] >= epochs * updates_per_epoch_) break;
      records.push_back({update_site(series, candidate_.updates[i]), i, i});
    }
  } else if (boost::starts_with(series, "epoch/param/")) {
    for (std::size_t i = 0; i < candidate_.epochs.size(); ++i) {
      const std::int64_t epoch = candidate_.epochs[i];
      if (epoch >= epochs) break;
      records.push_back({epoch_site(series, epoch, updates_per_epoch_), i, static_cast<std::size_t>(epoch)});
    }
  } else if (boost::starts_with(series, "epoch/")) {
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      const auto index = static_cast<std::size_t>(epoch);
      records.push_back({epoch_site(series, epoch, updates_per_epoch_), index, index});
    }
  }
  return records;
}

Horizon NoisyReplays::horizon() const {
  std::map<std::int64_t, std::pair<double, double>> times;  // noise of the parameters, and how far they came
  for (const std::string& name : candidate_.parameters) {
    const std::vector<double>& initial = candidate_.trace.find("init/" + name)->values;
    const auto look = [&](const std::string& series, const Site& site, std::size_t record) {
      auto& [noise, way] = times[site.time];
      noise = std::max(noise, noise_at(series, record));
      way = std::max(way, distance_between(truth_of(series, record), initial));
    };
    for (const RunRecord& record : records_of("step/param/" + name, epochs_)) {
      look(record.site.series, record.site, record.in_run);
    }
    for (std::int64_t epoch = 0; epoch < epochs_; ++epoch) {
      const std::string series = "epoch/param/" + name;
      look(series, epoch_site(series, epoch, updates_per_epoch_), static_cast<std::size_t>(epoch));
    }
  }
  Horizon horizon;
  horizon.epochs = epochs_;
  std::int64_t last_within = -1;
  for (const auto& [time, share] : times) {
    const auto& [noise, way] = share;
    // Parameters that have not moved by more than rounding does show nothing: with a tiny rate, noise is all.
    if (noise > horizon_share * way && noise > 16.0 * candidate_.ulp()) {
      horizon.time = time;
      horizon.update = last_within;
      horizon.epochs = std::min(epochs_, time / (2 * updates_per_epoch_));
      return horizon;
    }
    last_within = time / 2;
  }
  return horizon;
}

}  // namespace touchstone
