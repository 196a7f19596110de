#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "data/epoch_metrics.h"
#include "schedule/callback.h"
#include "trace/setup.h"
#include "verify/checks/single_step.h"
#include "verify/measure/tolerance.h"

namespace touchstone {
namespace {

/// The rate as the candidate's own records say, epoch by epoch.
class RateWalk {
 public:
  RateWalk(const Candidate& candidate, const Setup& setup, const Scope& scope, Scoreboard& board)
      : candidate_(candidate),
        setup_(setup),
        scope_(scope),
        board_(board),
        updates_per_epoch_(updates_per_epoch(setup, candidate.trace.rows())),
        rate_(setup.config.optimizer.number("lr"), candidate.precision()) {
    for (const Component& callback : setup.config.callbacks) {
      callbacks_.push_back(setup.recipe.make_callback(callback));
    }
  }

  void walk() {
    const std::int64_t epochs = candidate_.observed_epochs();
    for (std::int64_t epoch = 0; epoch < epochs && !done(); ++epoch) {
      size_ = 0.0;
      for (const auto& callback : callbacks_) {
        callback->on_epoch_begin(epoch, rate_);
        size_ = std::max(size_, callback->size(epoch));
      }
      check_updates_of(epoch);
      EpochMetrics metrics = metrics_of(epoch);
      metrics.lr = rate_.value();
      if (!can_follow(metrics)) return;
      for (const auto& callback : callbacks_) callback->on_epoch_end(epoch, metrics, rate_);
      const auto recorded = candidate_.record("epoch/lr", static_cast<std::size_t>(epoch));
      if (!recorded) continue;
      compare(epoch_site("epoch/lr", epoch, updates_per_epoch_), *recorded, rate_.value());
      rate_.set(recorded->front());
    }
  }

 private:
  bool done() const { return scope_.stop_at_first && !board_.agrees(); }

  void check_updates_of(std::int64_t epoch) {
    for (std::int64_t update = epoch * updates_per_epoch_; update < (epoch + 1) * updates_per_epoch_; ++update) {
      if (const auto recorded = candidate_.at_update("step/lr", update)) {
        compare(update_site("step/lr", update), *recorded,
                setup_.recipe.update_rate(rate_, setup_.config.optimizer, {epoch, update}));
      }
    }
  }

  EpochMetrics metrics_of(std::int64_t epoch) const {
    EpochMetrics metrics;
    for (const std::string& name : metric_names()) {
      if (name == "lr") continue;  // what is to be judged
      const auto value = candidate_.record("epoch/" + name, static_cast<std::size_t>(epoch));
      metric(metrics, name) = value ? value->front() : missing;
    }
    return metrics;
  }

  /// Without the series that a plateau schedule watches, nothing can be said of the rates after.
  bool can_follow(const EpochMetrics& metrics) const {
    const auto& callbacks = setup_.config.callbacks;
    return std::all_of(callbacks.begin(), callbacks.end(), [&](const Component& callback) {
      const auto monitor = callback.arguments.find("monitor");
      return monitor == callback.arguments.end() || metric(metrics, std::get<std::string>(monitor->second)) != missing;
    });
  }

  void compare(const Site& site, const std::vector<double>& got, double expected) {
    if (!scope_.contains(site)) return;
    const double floor = floor_units * candidate_.unit() * std::max(std::abs(expected), size_);
    board_.add(
        worst_deviation(site, Mode::single_step, got,
                        {{expected}, {0.0}, floor + static_cast<double>(std::numeric_limits<float>::denorm_min())}));
  }

  static constexpr double missing = -std::numeric_limits<double>::max();

  const Candidate& candidate_;
  const Setup& setup_;
  const Scope& scope_;
  Scoreboard& board_;
  std::int64_t updates_per_epoch_;
  Rate rate_;
  double size_ = 0.0;  ///< of the numbers on the way to the epoch's rate
  std::vector<std::unique_ptr<Callback>> callbacks_;
};

}  // namespace

void check_rates(const Candidate& candidate, const Setup& setup, const Scope& scope, Scoreboard& board) {
  RateWalk(candidate, setup, scope, board).walk();
}

}  // namespace touchstone
