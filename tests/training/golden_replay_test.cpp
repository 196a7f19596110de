// Every trace recorded from Keras 2.3.1 (tests/golden) is replayed by the reference, from the trace's own
// weights, data and order, and compared as far as the run is determined at all: these dynamics are chaotic, and
// each trace's metadata tells how far one unit in the last place of the initial weights carries (`noise`).
//
// Bounds. An epoch is held to the tightest of the trace's `stable_epochs` distances that still covers it, times
// a small multiple; beyond the last of them nothing is asked. Parameters are held to the same multiple of the
// trace's noise, the first updates in float64 to 1e-12. For what the metadata says no noise (the first losses,
// the optimizer's state, shuffled runs) it is measured in the same way: by moving the initial weights by one
// unit in the last place, three times, and taking the largest effect; in float32 also by what float64 makes of
// the same run, since rounding enters at every update and not only at the first.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "experiment/run_json.h"
#include "golden_trace.h"
#include "model/dense_network.h"
#include "training/fit.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// How many times the measured noise a correct engine may be away.
constexpr double noise_multiple = 8.0;
constexpr double first_updates_float64 = 1e-12;

std::vector<double> values_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kDouble).contiguous().view(-1);
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// What the replayed run did, in the trace's own terms.
class Recording : public Observer {
 public:
  explicit Recording(std::vector<std::string> names) : names_(std::move(names)) {}

  void on_gradients(const touchstone::Progress&, double loss, double, const std::vector<at::Tensor>&) override {
    step_loss.push_back(loss);
  }
  void on_update(const touchstone::Progress&, const std::vector<at::Tensor>& parameters, const UpdateRule&) override {
    if (step_parameters.size() < 20) step_parameters.push_back(snapshot(parameters));
  }
  void on_epoch_end(std::int64_t, const EpochMetrics& metrics, const std::vector<at::Tensor>& parameters) override {
    epochs.push_back(metrics);
    epoch_parameters.push_back(snapshot(parameters));
  }
  void on_train_end(const UpdateRule& rule) override {
    for (const auto& [slot, tensors] : rule.slots()) {
      for (std::size_t i = 0; i < names_.size(); ++i) final_slots[slot + "/" + names_[i]] = values_of(tensors[i]);
    }
  }

  using Snapshot = std::map<std::string, std::vector<double>>;
  std::vector<double> step_loss;
  std::vector<Snapshot> step_parameters;
  std::vector<EpochMetrics> epochs;
  std::vector<Snapshot> epoch_parameters;
  Snapshot final_slots;

 private:
  Snapshot snapshot(const std::vector<at::Tensor>& parameters) const {
    Snapshot result;
    for (std::size_t i = 0; i < names_.size(); ++i) result[names_[i]] = values_of(parameters[i]);
    return result;
  }
  std::vector<std::string> names_;
};

at::Tensor tensor_of(const GoldenTrace& trace, const std::string& name) {
  const auto& recorded = trace.at(name);
  const at::Tensor tensor = at::tensor(recorded.values, at::kDouble).view(recorded.shape);
  return tensor.to(name.back() == 'y' ? at::kLong : trace.float32 ? at::kFloat : at::kDouble);
}

EpochOrder order_of(const GoldenTrace& trace, std::int64_t rows) {
  if (!trace.has("order")) return natural_order(rows);
  std::vector<std::vector<std::int64_t>> orders;
  const auto& values = trace.at("order").values;
  for (auto begin = values.begin(); begin != values.end(); begin += rows) orders.emplace_back(begin, begin + rows);
  return recorded_order(orders);
}

RunConfig config_of(const GoldenTrace& trace) {
  return run_config_from_json(trace.experiment, trace.name, vocabulary());
}

using Move = std::function<at::Tensor(const at::Tensor&)>;

at::Tensor unmoved(const at::Tensor& weights) { return weights; }

Recording replay(const GoldenTrace& trace, const Move& move = unmoved) {
  const RunConfig config = config_of(trace);
  const std::vector<std::string> names = parameter_names(config.model.layers.size());
  std::vector<at::Tensor> parameters;
  for (const std::string& name : names) parameters.push_back(move(tensor_of(trace, "init/" + name)));
  const TrainingData data{tensor_of(trace, "data/train/x"), tensor_of(trace, "data/train/y"),
                          tensor_of(trace, "data/test/x"), tensor_of(trace, "data/test/y")};
  Recording recording(names);
  fit(config, data, parameters, order_of(trace, data.train_y.size(0)), recording);
  return recording;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// What one unit in the last place of the initial weights does to a run, at most.
struct MeasuredNoise {
  double first_losses = 0.0;
  double first_parameters = 0.0;
  double slots = 0.0;
};

/// Raises the noise to the distance between two runs.
void include_distance(MeasuredNoise& noise, const Recording& run, const Recording& other) {
  for (std::size_t s = 0; s < run.step_parameters.size(); ++s) {
    noise.first_losses = std::max(noise.first_losses, std::abs(other.step_loss[s] - run.step_loss[s]));
    for (const auto& [name, values] : run.step_parameters[s]) {
      noise.first_parameters =
          std::max(noise.first_parameters, largest_difference(values, other.step_parameters[s].at(name)));
    }
  }
  for (const auto& [name, values] : run.final_slots) {
    noise.slots = std::max(noise.slots, largest_difference(values, other.final_slots.at(name)));
  }
}

MeasuredNoise measure_noise(const GoldenTrace& trace, const Recording& unperturbed) {
  MeasuredNoise noise;
  if (trace.float32) {
    GoldenTrace wider = trace;
    wider.float32 = false;
    include_distance(noise, unperturbed, replay(wider));
  }
  for (std::uint32_t attempt = 0; attempt < 3; ++attempt) {
    RandomState random(attempt);
    const Recording moved = replay(trace, [&](const at::Tensor& weights) {
      std::vector<double> signs(static_cast<std::size_t>(weights.numel()));
      for (double& sign : signs) sign = random.random_sample() < 0.5 ? -1.0 : 1.0;
      const double unit =
          trace.float32 ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
      const at::Tensor factors = at::tensor(signs, at::kDouble).view(weights.sizes()) * unit + 1.0;
      return (weights.to(at::kDouble) * factors).to(weights.scalar_type());
    });
    include_distance(noise, unperturbed, moved);
  }
  return noise;
}

/// A shuffled trace tells no horizon of its own: that of the same run unshuffled stands in.
nlohmann::json noise_of(const GoldenTrace& trace) {
  const std::string prefix = "shuffled_";
  return trace.noise.is_null() ? read_golden(trace.name.substr(prefix.size())).noise : trace.noise;
}

/// How far the epoch (from 0) may be from the trace, relative to values of order one; infinite past the horizon.
double epoch_bound(const nlohmann::json& noise, std::size_t epoch) {
  double bound = std::numeric_limits<double>::infinity();
  for (const auto& [distance, epochs] : noise["stable_epochs"].items()) {
    if (epoch < epochs.get<std::size_t>()) bound = std::min(bound, noise_multiple * std::stod(distance));
  }
  return bound;
}

/// Fails, naming tensor, record and element, unless each value is within `bound` of the trace's. Written so
/// that NaN fails.
void expect_near(const std::vector<double>& expected, const std::vector<double>& got, double bound,
                 const std::string& what) {
  ASSERT_EQ(expected.size(), got.size()) << what;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double distance = std::abs(got[i] - expected[i]);
    ASSERT_TRUE(distance <= bound * std::max(1.0, std::abs(expected[i])))
        << what << ", element " << i << ": expected " << expected[i] << ", got " << got[i] << ", off by " << distance
        << ", bound " << bound;
  }
}

/// Row `record` of a recorded [S, ...] tensor.
std::vector<double> record_of(const GoldenTrace::Tensor& tensor, std::size_t record) {
  const auto size = static_cast<std::ptrdiff_t>(tensor.values.size()) / tensor.shape[0];
  const auto begin = tensor.values.begin() + static_cast<std::ptrdiff_t>(record) * size;
  return {begin, begin + size};
}

class GoldenReplay : public testing::TestWithParam<std::string> {
 protected:
  const GoldenTrace trace_ = read_golden(GetParam());
  const nlohmann::json noise_ = noise_of(trace_);
  const std::vector<std::string> names_ = parameter_names(config_of(trace_).model.layers.size());
};

TEST_P(GoldenReplay, FollowsKerasUpToTheHorizon) {
  const Recording run = replay(trace_);
  const MeasuredNoise measured = measure_noise(trace_, run);

  if (trace_.has("step/loss")) {
    const double parameters_noise =
        trace_.noise.is_null() ? measured.first_parameters : noise_["ulp_batch_weights"].get<double>();
    const double floor = trace_.float32 ? 0.0 : first_updates_float64;
    const double bound = std::max(noise_multiple * parameters_noise, floor);
    const double loss_bound = std::max(noise_multiple * measured.first_losses, bound);
    for (std::size_t s = 0; s < trace_.at("step/loss").values.size(); ++s) {
      const std::string update = "update " + std::to_string(s) + ", ";
      expect_near({trace_.at("step/loss").values[s]}, {run.step_loss[s]}, loss_bound, update + "step/loss");
      for (const std::string& name : names_) {
        expect_near(record_of(trace_.at("step/param/" + name), s), run.step_parameters[s].at(name), bound,
                    update + "step/param/" + name);
      }
    }
  }

  std::size_t epoch = 0;
  for (; epoch < run.epochs.size() && std::isfinite(epoch_bound(noise_, epoch)); ++epoch) {
    const std::string where = "epoch " + std::to_string(epoch) + ", ";
    const double bound = epoch_bound(noise_, epoch);
    for (const char* series : {"loss", "val_loss"}) {
      expect_near({trace_.at(std::string("epoch/") + series).values[epoch]}, {metric(run.epochs[epoch], series)}, bound,
                  where + "epoch/" + series);
    }
    ASSERT_EQ(trace_.at("epoch/lr").values[epoch], run.epochs[epoch].lr) << where << "epoch/lr";
  }
  RecordProperty("epochs_compared", static_cast<int>(epoch));

  // Where the whole run is determined, so are the parameters on the way and the state at the end.
  const double last_bound = epoch_bound(noise_, run.epochs.size() - 1);
  if (!std::isfinite(last_bound)) return;
  const double floor = trace_.float32 ? 0.0 : first_updates_float64;
  const double bound = std::max(noise_multiple * noise_["ulp_weights"].get<double>(), floor);
  const double slot_bound = std::max(noise_multiple * measured.slots, bound);
  const auto& recorded_epochs = trace_.at("epoch/index").values;
  for (std::size_t k = 0; k < recorded_epochs.size(); ++k) {
    for (const std::string& name : names_) {
      expect_near(record_of(trace_.at("epoch/param/" + name), k),
                  run.epoch_parameters[static_cast<std::size_t>(recorded_epochs[k])].at(name), bound,
                  "epoch " + std::to_string(recorded_epochs[k]) + ", epoch/param/" + name);
    }
  }
  for (const auto& [slot, values] : run.final_slots) {
    ASSERT_TRUE(trace_.has("final/slot/" + slot)) << slot;
    expect_near(trace_.at("final/slot/" + slot).values, values, slot_bound, "final/slot/" + slot);
  }
}

// Rounding cannot blur this: fed the trace's own losses, the schedule must give the trace's rates, all of them.
TEST_P(GoldenReplay, SchedulesGiveKerasRatesFromKerasLosses) {
  const RunConfig config = config_of(trace_);
  std::vector<std::unique_ptr<Callback>> callbacks;
  for (const Component& callback : config.callbacks) callbacks.push_back(make_callback(callback));
  Rate rate(config.optimizer.number("lr"), trace_.float32 ? Precision::float32 : Precision::float64);
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
