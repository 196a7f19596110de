#include "check/compare_traces.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>

#include "check/scope.h"
#include "experiment/config.h"
#include "experiment/run_json.h"
#include "tolerance/distance.h"
#include "tolerance/rounding.h"
#include "trace/replay.h"
#include "trace/tensor_place.h"
#include "training/train_arms.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// Which updates or epochs the records of `series` are; one, if it has no records.
std::vector<std::int64_t> indices_of(const Trace& trace, const std::string& series, const Array& array) {
  if (boost::starts_with(series, "step/")) return trace.recorded_updates();
  if (boost::starts_with(series, "epoch/param/")) return trace.recorded_epochs();
  return count_from_zero(boost::starts_with(series, "epoch/") ? array.shape[0] : 1);
}

class Comparer {
 public:
  Comparer(const Trace& candidate, const std::string& source, const Trace& reference, const std::string& other)
      : names_(source + " against " + other),
        candidate_(candidate),
        reference_(reference),
        config_(read_configuration(candidate, source)),
        other_config_(read_configuration(reference, other)),
        ulp_(std::max(ulp_of(precision_of(candidate.dtype)), ulp_of(precision_of(reference.dtype)))) {}

  TraceComparison compare() {
    TraceComparison comparison;
    comparison.different_input = different_input();
    compare_observations(comparison.board);
    if (comparison.board.compared() == 0) {
      throw UserError(names_ + ": they observed nothing in common, expected some record of one series in both");
    }
    return comparison;
  }

 private:
  std::string different_input() const {
    std::string difference = different_configuration();
    const auto reals = [&](const std::string& name, const std::vector<std::int64_t>& shape, const auto& here,
                           const auto& there) {
      if (difference.empty()) difference = different_element(name, shape, here, there, allowed(there));
    };
    const auto integers = [&](const std::string& name, const std::vector<std::int64_t>& here,
                              const std::vector<std::int64_t>& there) {
      if (difference.empty()) difference = different_element(name, {size_of(here)}, here, there, 0.0);
    };
    reals("data/train/x", {candidate_.rows(), candidate_.features()}, candidate_.train.x, reference_.train.x);
    integers("data/train/y", candidate_.train.y, reference_.train.y);
    reals("data/test/x", {candidate_.test_rows(), candidate_.features()}, candidate_.test.x, reference_.test.x);
    integers("data/test/y", candidate_.test.y, reference_.test.y);
    for (const auto& [name, array] : candidate_.arrays) {
      if (boost::starts_with(name, "init/")) reals(name, array.shape, array.values, require(name).values);
    }
    return difference.empty() ? different_order() : difference;
  }

  const Array& require(const std::string& name) const {
    const Array* array = reference_.find(name);
    if (array == nullptr) fail_as_different_networks(name);
    return *array;
  }

  [[noreturn]] static void fail_as_different_networks(const std::string& name) {
    throw UserError(fmt::format("\"{}\": the two traces have different shapes: are they of one network?", name));
  }

  static std::int64_t size_of(const std::vector<std::int64_t>& values) {
    return static_cast<std::int64_t>(values.size());
  }

  double allowed(const std::vector<double>& values) const { return allowed_units * ulp_ * largest_finite(values); }

  /// The two configurations with every default filled in.
  std::string different_configuration() const {
    const std::string difference = first_difference(config_, other_config_);
    return difference.empty() ? "" : "experiment, " + difference;
  }

  template <typename T>
  static std::string different_element(const std::string& name, const std::vector<std::int64_t>& shape,
                                       const std::vector<T>& here, const std::vector<T>& there, double allowed) {
    if (here.size() != there.size()) {
      return fmt::format("{}: {} elements here, {} there", name, here.size(), there.size());
    }
    for (std::size_t i = 0; i < here.size(); ++i) {
      if (!(distance_between(static_cast<double>(here[i]), static_cast<double>(there[i])) <= allowed)) {
        return fmt::format("{}{}: {} here, {} there", name, place_in(shape, static_cast<std::int64_t>(i)), here[i],
                           there[i]);
      }
    }
    return "";
  }

  std::string different_order() const {
    if (!candidate_.order && !reference_.order) return "";
    const std::int64_t epochs = std::min(config_.fit.epochs, other_config_.fit.epochs);
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      std::string difference = different_element(fmt::format("order of epoch {}", epoch), {candidate_.rows()},
                                                 candidate_.order_of(epoch), reference_.order_of(epoch), 0.0);
      if (!difference.empty()) return difference;
    }
    return "";
  }

  void compare_observations(Scoreboard& board) const {
    for (const auto& [series, array] : candidate_.arrays) {
      const Array* other = reference_.find(series);
      if (other == nullptr || boost::starts_with(series, "init/")) continue;
      const std::vector<std::int64_t> ours = indices_of(candidate_, series, array);
      const std::vector<std::int64_t> theirs = indices_of(reference_, series, *other);
      for (std::size_t i = 0; i < ours.size(); ++i) {
        const auto found = std::lower_bound(theirs.begin(), theirs.end(), ours[i]);
        if (found == theirs.end() || *found != ours[i]) continue;
        compare_record(series, ours[i], record(series, array, i),
                       record(series, *other, static_cast<std::size_t>(found - theirs.begin())), board);
      }
    }
  }

  static std::vector<double> record(const std::string& series, const Array& array, std::size_t index) {
    return boost::starts_with(series, "final/") ? array.values : array.record(index);
  }

  void compare_record(const std::string& series, std::int64_t index, const std::vector<double>& got,
                      const std::vector<double>& expected, Scoreboard& board) const {
    if (got.size() != expected.size()) fail_as_different_networks(series);
    const std::int64_t updates_each = updates_per_epoch({config_.fit.batch_size}, candidate_.rows());
    const Site site = site_of(series, index, updates_each, updates_each * config_.fit.epochs);
    board.add(worst_deviation(site, Mode::free_running, got, {expected, {0.0}, allowed(expected)}, Scope()));
  }

  std::string names_;
  const Trace& candidate_;
  const Trace& reference_;
  RunConfig config_;
  RunConfig other_config_;
  double ulp_;
};

}  // namespace

TraceComparison compare_traces(const Trace& candidate, const std::string& source, const Trace& reference,
                               const std::string& other) {
  return Comparer(candidate, source, reference, other).compare();
}

}  // namespace touchstone
