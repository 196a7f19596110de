#include "check/free_run.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tolerance/distance.h"
#include "tolerance/noisy_step.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "training/parallel.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

constexpr std::int64_t updates_of_a_short_run = 4096;

/// One observation of a run: `record` of `series`, at `site`.
struct Record {
  Site site;
  std::size_t in_candidate = 0;  ///< which record of the candidate's array
  std::size_t in_run = 0;        ///< which of the replayed runs'
};

bool is_loss(const std::string& series) {
  return series == "step/loss" || series == "epoch/loss" || series == "epoch/val_loss";
}

/// How far each record of a run was from the truth's, by series.
using Distances = std::map<std::string, std::vector<double>>;

class FreeRun {
 public:
  FreeRun(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, const JudgedBefore& before,
          std::size_t jobs, Scoreboard& board)
      : candidate_(candidate),
        spec_(spec),
        scope_(scope),
        before_(before),
        jobs_(jobs),
        board_(board),
        updates_per_epoch_(updates_per_epoch(spec.batches, candidate.trace.rows())) {}

  /// Runs a few epochs of a long run first and more only while the horizon is not reached: beyond it nothing is looked
  /// at.
  Horizon check() {
    const std::int64_t all = candidate_.observed_epochs();
    const bool is_long = scope_.stop_at_first || all * updates_per_epoch_ > updates_of_a_short_run;
    std::int64_t epochs = is_long ? std::min<std::int64_t>(all, 2) : all;
    while (true) {
      run(epochs, judges_anything() ? first_tries + 1 : 1);
      find_horizon();
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
  /// The reference in float64, and `tries` runs in the candidate's precision from perturb_ulp initial parameters and
  /// with perturb_ulp gradients, of which only their distances from the reference are kept.
  void run(std::int64_t epochs, int tries) {
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

  static std::size_t records_in(const std::string& series, const Array& array) {
    return boost::starts_with(series, "final/") ? 1 : static_cast<std::size_t>(array.shape[0]);
  }

  Distances distances_of(std::uint32_t attempt) const {
    Distances distances;
    run_once(candidate_.precision(), attempt,
             [&](const std::string& series, const std::vector<std::int64_t>&, const std::vector<double>& values) {
               std::vector<double>& found = distances[series];
               found.push_back(distance_between(values, truth_of(series, found.size())));
             });
    return distances;
  }

  std::vector<double> truth_of(const std::string& series, std::size_t record) const {
    const Array& array = truth_.arrays.at(series);
    return boost::starts_with(series, "final/") ? array.values : array.record(record);
  }

  void run_once(Precision precision, std::uint32_t attempt, const RecordSink& sink) const {
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

  /// Every observation of the replayed epochs that `series` has in both, in time.
  std::vector<Record> records_of(const std::string& series) const {
    std::vector<Record> records;
    if (boost::starts_with(series, "step/")) {
      for (std::size_t i = 0; i < candidate_.updates.size(); ++i) {
        if (candidate_.updates[i] >= epochs_ * updates_per_epoch_) break;
        records.push_back({update_site(series, candidate_.updates[i]), i, i});
      }
    } else if (boost::starts_with(series, "epoch/param/")) {
      for (std::size_t i = 0; i < candidate_.epochs.size(); ++i) {
        const std::int64_t epoch = candidate_.epochs[i];
        if (epoch >= epochs_) break;
        records.push_back({epoch_site(series, epoch, updates_per_epoch_), i, static_cast<std::size_t>(epoch)});
      }
    } else if (boost::starts_with(series, "epoch/")) {
      for (std::int64_t epoch = 0; epoch < epochs_; ++epoch) {
        const auto index = static_cast<std::size_t>(epoch);
        records.push_back({epoch_site(series, epoch, updates_per_epoch_), index, index});
      }
    }
    return records;
  }

  double noise_at(const std::string& series, std::size_t record) const { return noise_.at(series)[record]; }

  void find_horizon() {
    std::map<std::int64_t, std::pair<double, double>> times;  // noise of the parameters, and how far they came
    for (const std::string& name : candidate_.parameters) {
      const std::vector<double>& initial = candidate_.trace.find("init/" + name)->values;
      const auto look = [&](const std::string& series, const Site& site, std::size_t record) {
        auto& [noise, way] = times[site.time];
        noise = std::max(noise, noise_at(series, record));
        way = std::max(way, distance_between(truth_of(series, record), initial));
      };
      for (const Record& record : records_of("step/param/" + name)) {
        look(record.site.series, record.site, record.in_run);
      }
      for (std::int64_t epoch = 0; epoch < epochs_; ++epoch) {
        const std::string series = "epoch/param/" + name;
        look(series, epoch_site(series, epoch, updates_per_epoch_), static_cast<std::size_t>(epoch));
      }
    }
    horizon_ = {};
    horizon_.epochs = epochs_;
    std::int64_t last_within = -1;
    for (const auto& [time, share] : times) {
      const auto& [noise, way] = share;
      // Parameters that have not moved by more than rounding does show nothing: with a tiny rate, noise is all.
      if (noise > horizon_share * way && noise > 16.0 * candidate_.ulp()) {
        horizon_.time = time;
        horizon_.update = last_within;
        horizon_.epochs = std::min(epochs_, time / (2 * updates_per_epoch_));
        return;
      }
      last_within = time / 2;
    }
  }

  void compare() {
    for (const auto& [series, array] : candidate_.trace.arrays) {
      if (boost::starts_with(series, "final/slot/")) {
        compare_final(series, array);
      } else if (!boost::starts_with(series, "init/") && truth_.find(series) != nullptr) {
        compare_series(series, array);
      }
    }
  }

  void compare_series(const std::string& series, const Array& array) {
    const std::vector<Record> records = records_of(series);
    add_measured([&] { return deviations_of(records, array); });
  }

  /// Adds what `deviations` returns; where one of them comes near its bound, what it returns after more tries.
  void add_measured(const std::function<std::vector<Deviation>()>& deviations) {
    std::vector<Deviation> found = deviations();
    const bool suspicious = std::any_of(found.begin(), found.end(),
                                        [&](const Deviation& deviation) { return is_worth_measuring(deviation); });
    if (suspicious && tries_ < more_tries) {
      run(epochs_, more_tries);
      found = deviations();
    }
    for (const Deviation& deviation : found) add(deviation);
  }

  std::vector<Deviation> deviations_of(const std::vector<Record>& records, const Array& array) const {
    std::vector<Deviation> deviations;
    double noise = 0.0;  // once it is there, it does not go away again
    for (const Record& record : records) {
      if (record.site.time >= horizon_.time) break;
      const std::string& series = record.site.series;
      noise = std::max(noise, noise_at(series, record.in_run));
      const std::vector<double> truth = truth_of(series, record.in_run);
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
    const std::vector<Record> beyond = records_beyond();
    const auto is_finite = [&](const Record& record) {
      const std::vector<double> values = candidate_.trace.find(record.site.series)->record(record.in_candidate);
      return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
    };
    if (!std::all_of(beyond.begin(), beyond.end(), is_finite)) run(candidate_.observed_epochs(), first_tries + 1);
    for (const Record& record : beyond) {
      const Array& array = *candidate_.trace.find(record.site.series);
      if (is_finite(record)) {
        compare_possible(record.site, array.record(record.in_candidate));
      } else {
        const std::vector<double> reference = truth_of(record.site.series, record.in_run);
        const std::vector<double> noise = {noise_at(record.site.series, record.in_run)};
        // A finite distance is no matter beyond the horizon.
        constexpr double any_number = std::numeric_limits<double>::max();
        add_if_impossible(worst_deviation(record.site, Mode::free_running, array.record(record.in_candidate),
                                          {reference, noise, any_number}, scope_));
      }
    }
  }

  std::vector<Record> records_beyond() {
    std::vector<Record> beyond;
    const std::int64_t replayed = std::exchange(epochs_, candidate_.observed_epochs());
    for (const auto& [series, array] : candidate_.trace.arrays) {
      for (const Record& record : records_of(series)) {
        if (record.site.time >= horizon_.time && is_judged(record.site)) beyond.push_back(record);
      }
    }
    epochs_ = replayed;
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
    const bool to_the_end = horizon_.time == INT64_MAX && epochs_ == spec_.epochs;
    if (!to_the_end || truth_.find(series) == nullptr) return;
    const Site site = final_site(series, epochs_ * updates_per_epoch_);
    add_measured([&] {
      const std::vector<double> truth = truth_of(series, 0);
      return std::vector<Deviation>{worst_deviation(site, Mode::free_running, array.values,
                                                    {truth, {noise_at(series, 0)}, floor_of(series, truth)}, scope_)};
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
  std::size_t jobs_;
  Scoreboard& board_;
  std::int64_t updates_per_epoch_;
  std::int64_t epochs_ = 0;
  Trace truth_;
  int tries_ = 0;    ///< runs that the noise is measured from
  Distances noise_;  ///< the largest of them
  Horizon horizon_;
};

}  // namespace

Horizon check_free_run(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope,
                       const JudgedBefore& before, std::size_t jobs, Scoreboard& board) {
  return FreeRun(candidate, spec, scope, before, jobs, board).check();
}

}  // namespace touchstone
