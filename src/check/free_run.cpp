#include "check/free_run.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "check/noisy_replays.h"
#include "tolerance/distance.h"
#include "tolerance/tolerance.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

constexpr std::int64_t updates_of_a_short_run = 4096;

bool is_loss(const std::string& series) {
  return series == "step/loss" || series == "epoch/loss" || series == "epoch/val_loss";
}

class FreeRun {
 public:
  FreeRun(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, const JudgedBefore& before,
          std::size_t jobs, Scoreboard& board)
      : candidate_(candidate),
        spec_(spec),
        scope_(scope),
        before_(before),
        board_(board),
        updates_per_epoch_(updates_per_epoch(spec.batches, candidate.trace.rows())),
        replays_(candidate, spec, scope, jobs) {}

  /// Runs a few epochs of a long run first and more only while the horizon is not reached: beyond it nothing is looked
  /// at.
  Horizon check() {
    const std::int64_t all = candidate_.observed_epochs();
    const bool is_long = scope_.stop_at_first || all * updates_per_epoch_ > updates_of_a_short_run;
    std::int64_t epochs = is_long ? std::min<std::int64_t>(all, 2) : all;
    while (true) {
      replays_.run(epochs, judges_anything() ? first_tries + 1 : 1);
      horizon_ = replays_.horizon();
      if (scope_.stop_at_first) compare();
      if (scope_.stop_at_first && !board_.agrees()) break;
      if (horizon_.time != INT64_MAX || epochs == all) break;
      epochs = std::min(all, 4 * epochs);
    }
    if (!scope_.stop_at_first) compare();
    if (!scope_.stop_at_first || board_.agrees()) compare_beyond();
    return horizon_;
  }

 private:
  void compare() {
    for (const auto& [series, array] : candidate_.trace.arrays) {
      if (boost::starts_with(series, "final/slot/")) {
        compare_final(series, array);
      } else if (!boost::starts_with(series, "init/") && replays_.has(series)) {
        compare_series(series, array);
      }
    }
  }

  void compare_series(const std::string& series, const Array& array) {
    const std::vector<RunRecord> records = replays_.records_of(series, replays_.epochs());
    add_measured([&] { return deviations_of(records, array); });
  }

  /// Adds what `deviations` returns; where one of them comes near its bound, what it returns after more tries.
  void add_measured(const std::function<std::vector<Deviation>()>& deviations) {
    std::vector<Deviation> found = deviations();
    const bool suspicious = std::any_of(found.begin(), found.end(),
                                        [&](const Deviation& deviation) { return is_worth_measuring(deviation); });
    if (suspicious && replays_.tries() < more_tries) {
      replays_.run(replays_.epochs(), more_tries);
      found = deviations();
    }
    for (const Deviation& deviation : found) add(deviation);
  }

  std::vector<Deviation> deviations_of(const std::vector<RunRecord>& records, const Array& array) const {
    std::vector<Deviation> deviations;
    double noise = 0.0;  // once it is there, it does not go away again
    for (const RunRecord& record : records) {
      if (record.site.time >= horizon_.time) break;
      const std::string& series = record.site.series;
      noise = std::max(noise, replays_.noise_at(series, record.in_run));
      const std::vector<double> truth = replays_.truth_of(series, record.in_run);
      deviations.push_back(worst_deviation(record.site, Mode::free_running, array.record(record.in_candidate),
                                           {truth, {noise}, floor_of(series, truth)}, scope_));
    }
    return deviations;
  }

  double floor_of(const std::string& series, const std::vector<double>& truth) const {
    const double units = floor_units * candidate_.ulp() * largest_finite(truth) +
                         static_cast<double>(std::numeric_limits<float>::denorm_min());
    if (is_loss(series)) {
      const std::int64_t terms = series == "step/loss"    ? std::min(spec_.batches.batch_size, candidate_.trace.rows())
                                 : series == "epoch/loss" ? candidate_.trace.rows()
                                                          : candidate_.trace.test_rows();
      return units + sum_in_order_floor(largest_finite(truth), static_cast<double>(terms), candidate_.ulp()) +
             loss_floor(candidate_.ulp());
    }
    if (series == "epoch/accuracy") return floor_rows / static_cast<double>(candidate_.trace.rows());
    if (series == "epoch/val_accuracy") return floor_rows / static_cast<double>(candidate_.trace.test_rows());
    return units;
  }

  /// What no rounding makes, in the records that lie beyond the horizon.
  void compare_beyond() {
    if (horizon_.time == INT64_MAX) return;
    const std::vector<RunRecord> beyond = records_beyond();
    const auto is_finite = [&](const RunRecord& record) {
      const std::vector<double> values = candidate_.trace.find(record.site.series)->record(record.in_candidate);
      return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
    };
    if (!std::all_of(beyond.begin(), beyond.end(), is_finite))
      replays_.run(candidate_.observed_epochs(), first_tries + 1);
    for (const RunRecord& record : beyond) {
      const Array& array = *candidate_.trace.find(record.site.series);
      if (is_finite(record)) {
        compare_possible(record.site, array.record(record.in_candidate));
      } else {
        const std::vector<double> reference = replays_.truth_of(record.site.series, record.in_run);
        const std::vector<double> noise = {replays_.noise_at(record.site.series, record.in_run)};
        // A finite distance is no matter beyond the horizon.
        constexpr double any_number = std::numeric_limits<double>::max();
        add_if_impossible(worst_deviation(record.site, Mode::free_running, array.record(record.in_candidate),
                                          {reference, noise, any_number}, scope_));
      }
    }
  }

  std::vector<RunRecord> records_beyond() {
    std::vector<RunRecord> beyond;
    for (const auto& [series, array] : candidate_.trace.arrays) {
      for (const RunRecord& record : replays_.records_of(series, candidate_.observed_epochs())) {
        if (record.site.time >= horizon_.time && is_judged(record.site)) beyond.push_back(record);
      }
    }
    return beyond;
  }

  /// A loss is not below 0; an accuracy is a number of rows over all.
  void compare_possible(const Site& site, const std::vector<double>& got) {
    double nearest = 0.0;
    double allowed = 0.0;
    if (is_loss(site.series)) {
      nearest = std::max(got.front(), 0.0);
      allowed = floor_units * candidate_.ulp();
    } else if (site.series == "epoch/accuracy" || site.series == "epoch/val_accuracy") {
      const auto rows =
          static_cast<double>(site.series == "epoch/accuracy" ? candidate_.trace.rows() : candidate_.trace.test_rows());
      constexpr double of_a_row = 0.1;
      if (!(rows * floor_units * candidate_.ulp() < of_a_row)) return;
      nearest = std::clamp(std::round(got.front() * rows), 0.0, rows) / rows;
      allowed = of_a_row / rows;
    } else {
      return;
    }
    add_if_impossible(worst_deviation(site, Mode::free_running, got, {{nearest}, {0.0}, allowed}, scope_));
  }

  /// What is possible is not thereby judged.
  void add_if_impossible(const Deviation& deviation) {
    if (deviation.out_of_bounds()) add(deviation);
  }

  void compare_final(const std::string& series, const Array& array) {
    const bool to_the_end = horizon_.time == INT64_MAX && replays_.epochs() == spec_.epochs;
    if (!to_the_end || !replays_.has(series)) return;
    const Site site = final_site(series, replays_.epochs() * updates_per_epoch_);
    add_measured([&] {
      const std::vector<double> truth = replays_.truth_of(series, 0);
      return std::vector<Deviation>{worst_deviation(site, Mode::free_running, array.values,
                                                    {truth, {replays_.noise_at(series, 0)}, floor_of(series, truth)},
                                                    scope_)};
    });
  }

  /// Whether more samples may change the verdict.
  bool is_worth_measuring(const Deviation& deviation) const {
    return deviation.ratio > remeasure_above && is_judged(deviation.site) &&
           !scope_.gives_up_on(deviation, Mode::free_running);
  }

  /// Not where every update was judged by itself: then it only shows how far the run is determined.
  bool judges_anything() const {
    return std::min(before_.updates, before_.rates) < 2 * spec_.epochs * updates_per_epoch_;
  }
  bool is_judged(const Site& site) const {
    const bool is_rate = site.series == "step/lr" || site.series == "epoch/lr";
    return site.time >= before_.updates || (is_rate && site.time >= before_.rates);
  }

  void add(const Deviation& deviation) {
    if (!scope_.contains(deviation.site)) return;
    if (is_judged(deviation.site)) {
      board_.add(deviation);
    } else {
      board_.add_unjudged(deviation);
    }
  }

  const Candidate& candidate_;
  const TrainingSpec& spec_;
  const Scope& scope_;
  JudgedBefore before_;
  Scoreboard& board_;
  std::int64_t updates_per_epoch_;
  NoisyReplays replays_;
  Horizon horizon_;
};

}  // namespace

Horizon check_free_run(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope,
                       const JudgedBefore& before, std::size_t jobs, Scoreboard& board) {
  return FreeRun(candidate, spec, scope, before, jobs, board).check();
}

}  // namespace touchstone
