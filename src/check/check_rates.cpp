#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "check/forward.h"
#include "check/single_step.h"
#include "data/epoch_metrics.h"
#include "tolerance/noise_estimate.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "training/interrupted.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// The rate as the candidate's own records imply it, epoch by epoch. A monitored series that is not recorded is
/// computed from the recorded parameters, where it can be.
class RateWalk {
 public:
  RateWalk(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, Scoreboard& board)
      : candidate_(candidate),
        spec_(spec),
        scope_(scope),
        board_(board),
        updates_per_epoch_(updates_per_epoch(spec.batches, candidate.trace.rows())),
        exact_(spec.rates, candidate.precision()) {
    const bool computes_monitor = std::any_of(metric_names().begin(), metric_names().end(), [&](const auto& name) {
      return is_monitored(name) && candidate.trace.find("epoch/" + name) == nullptr;
    });
    for (int i = 0; i < perturbed_walks && computes_monitor; ++i)
      perturbed_.emplace_back(spec.rates, candidate.precision());
  }

  /// Returns the time (Site::time) from which on no rate could be judged.
  std::int64_t walk() {
    const std::int64_t epochs = candidate_.observed_epochs();
    for (std::int64_t epoch = 0; epoch < epochs && !done(); ++epoch) {
      if (scope_.stop_requested()) throw Interrupted();
      begin_epoch(epoch);
      check_updates_of(epoch);
      const Site end = epoch_site("epoch/lr", epoch, updates_per_epoch_);
      if (!end_epoch(epoch)) return end.time;
      const auto recorded = candidate_.record(end.series, static_cast<std::size_t>(epoch));
      if (!recorded) continue;
      compare(end, *recorded, exact_.value());
      exact_.set(recorded->front());
      for (RunningRate& walk : perturbed_) walk.set(recorded->front());
    }
    return INT64_MAX;
  }

 private:
  static constexpr int perturbed_walks = 8;

  bool done() const { return scope_.stop_at_first && !board_.agrees(); }

  bool is_monitored(const std::string& metric) const {
    const auto& callbacks = spec_.rates.callbacks;
    return std::any_of(callbacks.begin(), callbacks.end(), [&](const Component& callback) {
      const auto monitor = callback.arguments.find("monitor");
      return monitor != callback.arguments.end() && std::get<std::string>(monitor->second) == metric;
    });
  }

  void begin_epoch(std::int64_t epoch) {
    size_ = exact_.size(epoch);
    exact_.begin_epoch(epoch);
    for (RunningRate& walk : perturbed_) walk.begin_epoch(epoch);
  }

  void check_updates_of(std::int64_t epoch) {
    const std::int64_t end = (epoch + 1) * updates_per_epoch_;
    const auto& recorded = candidate_.updates;
    for (auto update = std::lower_bound(recorded.begin(), recorded.end(), epoch * updates_per_epoch_);
         update != recorded.end() && *update < end; ++update) {
      if (const auto rate = candidate_.at_update("step/lr", *update)) {
        compare(update_site("step/lr", *update), *rate, spec_.rates.update_rate(exact_.rate(), {epoch, *update}));
      }
    }
  }

  /// What the epoch's end makes of the rates; false if that is unknown: a monitored series is not known, or rounding
  /// decides what a schedule makes of it.
  bool end_epoch(std::int64_t epoch) {
    EpochMetrics metrics;
    EpochMetrics slack;  // what rounding may do to those that were computed
    for (const std::string& name : metric_names()) {
      if (name == "lr" || !is_monitored(name)) continue;  // the rate is what is judged
      if (const auto value = candidate_.record("epoch/" + name, static_cast<std::size_t>(epoch))) {
        metric(metrics, name) = value->front();
      } else if (!compute(name, epoch, metrics, slack)) {
        return false;
      }
    }
    metrics.lr = exact_.value();
    exact_.end_epoch(epoch, metrics);
    for (std::size_t i = 0; i < perturbed_.size(); ++i) {
      Noise noise = noise_of(candidate_.precision(), static_cast<std::uint32_t>(i) + 1, epoch);
      EpochMetrics perturbed = metrics;
      for (const std::string& name : metric_names()) metric(perturbed, name) += noise.uniform() * metric(slack, name);
      perturbed_[i].end_epoch(epoch, perturbed);
    }
    return std::all_of(perturbed_.begin(), perturbed_.end(),
                       [&](const RunningRate& walk) { return walk.value() == exact_.value(); });
  }

  /// A validation metric from the parameters after the epoch.
  bool compute(const std::string& name, std::int64_t epoch, EpochMetrics& metrics, EpochMetrics& slack) {
    if (!data_) data_ = data_of(candidate_.trace, Precision::float64);
    const auto outcome =
        boost::starts_with(name, "val_") ? validation_outcome(candidate_, spec_, *data_, epoch) : std::nullopt;
    if (!outcome) return false;
    NoiseEstimate loss = validation_loss(candidate_, spec_, *data_, epoch, outcome->mean_loss);
    loss.measure_finely();
    const double noise = loss.noise("epoch/val_loss");
    if (is_chaotic(noise, outcome->mean_loss)) return false;
    const auto rows = static_cast<double>(candidate_.trace.test_rows());
    if (name == "val_loss") {
      metrics.val_loss = outcome->mean_loss;
      slack.val_loss = noise_multiple *
                       (noise + sum_floor(outcome->mean_loss, rows, candidate_.ulp()) + loss_floor(candidate_.ulp()));
    } else {
      metrics.val_accuracy = outcome->accuracy;
      slack.val_accuracy = static_cast<double>(outcome->undecided) / rows;
    }
    return true;
  }

  void compare(const Site& site, const std::vector<double>& got, double expected) {
    if (!scope_.contains(site)) return;
    const double size = std::isfinite(expected) ? std::max(std::abs(expected), size_) : size_;
    const double floor =
        floor_units * candidate_.ulp() * size + static_cast<double>(std::numeric_limits<float>::denorm_min());
    board_.add(worst_deviation(site, Mode::single_step, got, {{expected}, {0.0}, floor}, scope_));
  }

  const Candidate& candidate_;
  const TrainingSpec& spec_;
  const Scope& scope_;
  Scoreboard& board_;
  std::int64_t updates_per_epoch_;
  double size_ = 0.0;  ///< of the numbers on the way to the epoch's rate
  RunningRate exact_;
  std::optional<TrainingData> data_;    ///< once a monitored series is computed
  std::vector<RunningRate> perturbed_;  ///< by what rounding may do to a monitored series that was computed
};

}  // namespace

std::int64_t check_rates(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, Scoreboard& board) {
  return RateWalk(candidate, spec, scope, board).walk();
}

}  // namespace touchstone
