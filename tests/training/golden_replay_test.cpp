// Every trace recorded from Keras 2.3.1 (tests/golden) is repeated by both engines, from the trace's own weights, data
// and order, and compared as far as the run is determined at all: these dynamics amplify rounding, some of them until
// nothing is left.
//
// Nothing here was measured on one machine and written down. What rounding does to a run is measured with it: by the
// same run from initial weights, and with gradients at every update, that are moved by one unit in the last place, up
// or down by chance; in float32 also by the run in float64. Keras may be `noise_multiple` times the largest of those
// distances away, and a few units in the last place. The comparison ends at the horizon, where noise has moved the
// parameters by more than 1 % of how far they have come.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiment/config.h"
#include "experiment/run_json.h"
#include "golden_trace.h"
#include "model/dense_network.h"
#include "recording.h"
#include "schedule/callback.h"
#include "schedule/rate.h"
#include "training/engine.h"
#include "training/fit.h"
#include "training/seeded_run.h"
#include "training/training_data.h"
#include "training/training_step.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

constexpr double noise_multiple = 8.0;
constexpr double floor_units = 8.0;
constexpr double horizon_share = 0.01;

/// Moved runs; where the comparison comes near its bound there are more, since a few may all miss what one rounding in
/// thousands does.
constexpr std::uint32_t first_tries = 4;
constexpr std::uint32_t more_tries = 25;
constexpr double near_the_bound = 0.25;

RunConfig config_of(const GoldenTrace& trace) {
  return run_config_from_json(trace.experiment, trace.name, vocabulary());
}

at::Tensor tensor_of(const GoldenTrace& trace, const std::string& name, at::ScalarType dtype) {
  const auto& recorded = trace.at(name);
  const at::Tensor tensor = at::tensor(recorded.values, at::kDouble).view(recorded.shape);
  return tensor.to(name.back() == 'y' ? at::kLong : dtype);
}

EpochOrder order_of(const GoldenTrace& trace, std::int64_t rows) {
  if (!trace.has("order")) return natural_order(rows);
  std::vector<std::vector<std::int64_t>> orders;
  const auto& values = trace.at("order").values;
  for (auto begin = values.begin(); begin != values.end(); begin += rows) orders.emplace_back(begin, begin + rows);
  return recorded_order(orders);
}

/// A tensor with every element moved by one unit in the last place, up or down by chance.
at::Tensor moved(const at::Tensor& tensor, RandomState& random) {
  const double unit = tensor.scalar_type() == at::kFloat ? std::numeric_limits<float>::epsilon()
                                                         : std::numeric_limits<double>::epsilon();
  std::vector<double> factors(static_cast<std::size_t>(tensor.numel()));
  for (double& factor : factors) factor = random.random_sample() < 0.5 ? 1.0 - unit : 1.0 + unit;
  return tensor.mul(at::tensor(factors, at::kDouble).view(tensor.sizes()).to(tensor.scalar_type()));
}

/// Autograd's steps, with moved gradients.
class MovedStep : public TrainingStep {
 public:
  MovedStep(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, RandomState& random)
      : parameters_(parameters), step_(spec, parameters), random_(random) {}

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override {
    const BatchOutcome outcome = step_.differentiate(x, y, divisor);
    for (const at::Tensor& parameter : parameters_) parameter.grad().copy_(moved(parameter.grad(), random_));
    return outcome;
  }
  UpdateRule& rule() override { return step_.rule(); }

 private:
  std::vector<at::Tensor> parameters_;
  AutogradStep step_;
  RandomState& random_;
};

/// The runs that one trace is compared with, over its first epochs.
class Runs {
 public:
  Runs(const GoldenTrace& trace, std::int64_t epochs)
      : trace_(trace), config_(config_of(trace)), dtype_(trace.float32 ? at::kFloat : at::kDouble) {
    config_.fit.epochs = epochs;
  }

  Recording once(EngineKind engine) const {
    return recorded(dtype_, [&](const TrainingData& data, const SeededStart& start, Observer& observer) {
      train(engine, config_, data, start, observer);
    });
  }

  using Noise = std::map<std::string, std::vector<double>>;

  /// Adds to `noise` the distances from `run` of moved runs number `begin` to `end` - 1, the largest seen until each
  /// record. Number 0 is, in float32, the run in float64.
  void measure(Noise& noise, const Recording& run, std::uint32_t begin, std::uint32_t end) const {
    for (const auto& [name, records] : run.series()) noise[name].resize(records.size());
    for (std::uint32_t attempt = begin; attempt < end; ++attempt) {
      const Recording other =
          attempt == 0 && trace_.float32 ? moved_run(at::kDouble, 0) : moved_run(dtype_, attempt + 1);
      for (auto& [name, distances] : noise) {
        double so_far = 0.0;
        for (std::size_t i = 0; i < distances.size(); ++i) {
          so_far = std::max(so_far, distance(run.series().at(name)[i], other.series().at(name)[i]));
          distances[i] = std::max(distances[i], so_far);
        }
      }
    }
  }

  /// The largest distance of two records' elements; infinite if one is not finite.
  static double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double difference = std::abs(a[i] - b[i]);
      if (!std::isfinite(difference)) return std::numeric_limits<double>::infinity();
      largest = std::max(largest, difference);
    }
    return largest;
  }

 private:
  template <typename Train>
  Recording recorded(at::ScalarType dtype, const Train& train) const {
    const std::vector<std::string> names = parameter_names(config_.model.layers.size());
    SeededStart start;
    for (const std::string& name : names) start.parameters.push_back(tensor_of(trace_, "init/" + name, dtype));
    const TrainingData data{tensor_of(trace_, "data/train/x", dtype), tensor_of(trace_, "data/train/y", dtype),
                            tensor_of(trace_, "data/test/x", dtype), tensor_of(trace_, "data/test/y", dtype)};
    start.order = order_of(trace_, data.train_y.size(0));
    Recording recording(names, trace_.has("step/loss") ? trace_.at("step/loss").values.size() : 0);
    train(data, std::move(start), recording);
    return recording;
  }

  /// Attempt 0 moves nothing.
  Recording moved_run(at::ScalarType dtype, std::uint32_t attempt) const {
    return recorded(dtype, [&](const TrainingData& data, SeededStart start, Observer& observer) {
      RandomState random(attempt);
      const TrainingSpec spec = spec_of(config_);
      if (attempt == 0) {
        fit(spec, data, start.parameters, start.order, observer);
        return;
      }
      for (at::Tensor& parameter : start.parameters) parameter = moved(parameter, random);
      MovedStep step(spec, start.parameters, random);
      fit(spec, data, start.parameters, start.order, observer, step);
    });
  }

  const GoldenTrace& trace_;
  RunConfig config_;
  at::ScalarType dtype_;
};

/// Row `record` of a recorded [S, ...] tensor, or the whole of a final one.
std::vector<double> record_of(const GoldenTrace& trace, const std::string& series, std::size_t record) {
  const GoldenTrace::Tensor& tensor = trace.at(series);
  if (series.rfind("final/", 0) == 0) return tensor.values;
  const auto size = static_cast<std::ptrdiff_t>(tensor.values.size()) / tensor.shape[0];
  const auto begin = tensor.values.begin() + static_cast<std::ptrdiff_t>(record) * size;
  return {begin, begin + size};
}

/// What of a run is determined: how many updates and epochs, and whether its end.
struct Horizon {
  std::size_t updates = 0;
  std::size_t epochs = 0;
  double share = 0.0;  ///< the largest within, of the noise in how far the parameters have come
  bool reached = false;
};

class GoldenReplay : public testing::TestWithParam<std::string> {
 protected:
  using Noise = Runs::Noise;

  /// The first `epochs` epochs. Returns whether the horizon is among them, as far as one perturbed run shows; if it is,
  /// or if these are all, the engines are compared with Keras.
  bool compare(std::int64_t epochs) {
    const Runs runs(trace_, epochs);
    const Recording run = runs.once(EngineKind::autograd);
    Noise noise;
    runs.measure(noise, run, 0, 1);
    const bool reached = horizon_of(run, noise).reached;
    if (reached || epochs == config_.fit.epochs) expect_both_engines_follow(runs, run, noise);
    return reached;
  }

  void expect_both_engines_follow(const Runs& runs, const Recording& run, Noise& noise) {
    runs.measure(noise, run, 1, first_tries);
    horizon_ = horizon_of(run, noise);
    const bool to_the_end = !horizon_.reached;
    const std::map<std::string, Recording> engines = {{"autograd", run}, {"fused", runs.once(EngineKind::fused)}};
    double worst = 0.0;
    for (const auto& [engine, recording] : engines) worst = std::max(worst, worst_of(recording, noise, to_the_end));
    if (!(worst <= near_the_bound)) {
      runs.measure(noise, run, first_tries, more_tries);
      horizon_ = horizon_of(run, noise);
    }
    for (const auto& [engine, recording] : engines) expect_near(engine, recording, noise, to_the_end);
  }

  Horizon horizon_of(const Recording& run, const Noise& noise) const {
    Horizon horizon;
    horizon.updates = within("step/param/", run, noise, horizon);
    horizon.epochs = within("epoch/param/", run, noise, horizon);
    return horizon;
  }

  /// How many records of the parameters noise leaves alone. Below some units in the last place it does not count: with
  /// a tiny rate noise is all there is.
  std::size_t within(const std::string& prefix, const Recording& run, const Noise& noise, Horizon& horizon) const {
    if (run.series().count(prefix + names_[0]) == 0) return 0;
    const std::size_t records = run.series().at(prefix + names_[0]).size();
    for (std::size_t i = 0; i < records; ++i) {
      double way = 0.0;
      double moved = 0.0;
      for (const std::string& name : names_) {
        way = std::max(way, Runs::distance(run.series().at(prefix + name)[i], trace_.at("init/" + name).values));
        moved = std::max(moved, noise.at(prefix + name)[i]);
      }
      if (!(moved <= std::max(horizon_share * way, 16.0 * unit_))) {
        horizon.reached = true;
        return i;
      }
      horizon.share = std::max(horizon.share, moved / way);
    }
    return records;
  }

  /// Calls look(where, series, record of the trace, record of the run) for all that the horizon leaves.
  template <typename Look>
  void each_record(const Recording& run, bool to_the_end, const Look& look) const {
    for (const auto& [series, records] : run.series()) {
      ASSERT_TRUE(trace_.has(series)) << series;
      if (series.rfind("epoch/param/", 0) == 0) {
        const std::vector<double>& recorded = trace_.at("epoch/index").values;
        for (std::size_t k = 0; k < recorded.size() && recorded[k] < static_cast<double>(horizon_.epochs); ++k) {
          look(series, k, static_cast<std::size_t>(recorded[k]));
        }
      } else if (series.rfind("final/", 0) == 0) {
        if (to_the_end) look(series, 0, 0);
      } else {
        const std::size_t end = series.rfind("step/", 0) == 0 ? horizon_.updates : horizon_.epochs;
        for (std::size_t i = 0; i < std::min(end, records.size()); ++i) look(series, i, i);
      }
    }
  }

  /// Where a row lies so close to the border of two classes that noise decides, its answer does: as many rows as the
  /// share of the noise, on average.
  double bound(const std::string& series, double noise, const std::vector<double>& expected) const {
    if (series == "epoch/accuracy" || series == "epoch/val_accuracy") return noise_multiple * (noise + horizon_.share);
    if (series == "epoch/lr") return noise_multiple * noise;
    double largest = 1.0;
    for (const double value : expected) largest = std::max(largest, std::abs(value));
    // A mean over the rows rounds as a walk of so many steps.
    const bool mean = series.find("loss") != std::string::npos;
    const double steps = mean ? std::sqrt(static_cast<double>(trace_.at("data/train/y").values.size())) : 0.0;
    return noise_multiple * noise + (floor_units + steps) * unit_ * largest;
  }

  double worst_of(const Recording& run, const Noise& noise, bool to_the_end) const {
    double worst = 0.0;
    each_record(run, to_the_end, [&](const std::string& series, std::size_t recorded, std::size_t i) {
      const std::vector<double> expected = record_of(trace_, series, recorded);
      const double distance = Runs::distance(expected, run.series().at(series)[i]);
      if (distance > 0.0) worst = std::max(worst, distance / bound(series, noise.at(series)[i], expected));
    });
    return worst;
  }

  /// Written so that NaN fails.
  void expect_near(const std::string& engine, const Recording& run, const Noise& noise, bool to_the_end) const {
    each_record(run, to_the_end, [&](const std::string& series, std::size_t recorded, std::size_t i) {
      const std::vector<double> expected = record_of(trace_, series, recorded);
      const double distance = Runs::distance(expected, run.series().at(series)[i]);
      const double allowed = bound(series, noise.at(series)[i], expected);
      EXPECT_TRUE(distance <= allowed) << engine << ", " << series << " " << i << ": off by " << distance << ", bound "
                                       << allowed << " where noise is " << noise.at(series)[i];
    });
  }

  const GoldenTrace trace_ = read_golden(GetParam());
  const RunConfig config_ = config_of(trace_);
  const std::vector<std::string> names_ = parameter_names(config_.model.layers.size());
  const double unit_ = trace_.float32 ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
  Horizon horizon_;
};

TEST_P(GoldenReplay, FollowsKerasUpToTheHorizon) {
  const std::int64_t all = config_.fit.epochs;
  std::int64_t epochs = std::min<std::int64_t>(all, 4);
  while (!compare(epochs) && epochs < all) epochs = epochs < 16 ? std::min<std::int64_t>(all, 16) : all;
  EXPECT_GE(horizon_.epochs, 1U) << "nothing was compared";
  if (trace_.has("step/loss")) {
    EXPECT_GE(horizon_.updates, 1U) << "nothing was compared";
  }
  RecordProperty("epochs_compared", static_cast<int>(horizon_.epochs));
}

// Rounding cannot blur this: fed the trace's own losses, the schedule must give the trace's rates, all of them.
TEST_P(GoldenReplay, SchedulesGiveKerasRatesFromKerasLosses) {
  std::vector<std::unique_ptr<Callback>> callbacks;
  for (const Component& callback : config_.callbacks) callbacks.push_back(make_callback(callback));
  Rate rate(config_.optimizer.number("lr"), trace_.float32 ? Precision::float32 : Precision::float64);
  const auto recorded = [&](const char* series, std::size_t e) { return trace_.at(series).values[e]; };
  for (std::size_t e = 0; e < trace_.at("epoch/loss").values.size(); ++e) {
    const auto epoch = static_cast<std::int64_t>(e);
    for (const auto& callback : callbacks) callback->on_epoch_begin(epoch, rate);
    const EpochMetrics metrics{recorded("epoch/loss", e), recorded("epoch/accuracy", e), recorded("epoch/val_loss", e),
                               recorded("epoch/val_accuracy", e), rate.value()};
    for (const auto& callback : callbacks) callback->on_epoch_end(epoch, metrics, rate);
    ASSERT_EQ(rate.value(), recorded("epoch/lr", e)) << "epoch " << e;
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(0, info.param.rfind('.'));
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Keras, GoldenReplay, testing::ValuesIn(golden_names()), test_name);

}  // namespace
}  // namespace touchstone
