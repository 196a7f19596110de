#include "correct_runs.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "conformance/examples.h"
#include "data/dataset.h"
#include "experiment/run_json.h"
#include "model/activations.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "schedule/callback.h"
#include "trace/make_case.h"
#include "trace/replay.h"
#include "training/train_arms.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}

  double uniform(double low, double high) {
    constexpr double of_53_bits = 1.0 / 9007199254740992.0;
    return low + (high - low) * static_cast<double>(random_() >> 11U) * of_53_bits;
  }
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  /// As many small ones as large ones.
  std::int64_t log_whole(std::int64_t low, std::int64_t high) {
    const double drawn = std::exp(uniform(std::log(static_cast<double>(low)), std::log(static_cast<double>(high) + 1)));
    return std::clamp(static_cast<std::int64_t>(drawn), low, high);
  }
  bool chance(double share) { return uniform(0.0, 1.0) < share; }
  template <typename T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(random_() % all.size())];
  }

 private:
  std::mt19937_64 random_;
};

Split draw_data(Draw& draw, std::int64_t train_rows, std::int64_t features, std::int64_t classes) {
  const double scale = std::pow(10.0, draw.uniform(-1.0, 2.0));
  const double offset = draw.chance(0.5) ? 0.0 : draw.uniform(-1.0, 1.0) * scale;
  const bool equal_rows = draw.chance(0.05);
  const std::int64_t test_rows = draw.log_whole(1, 200);
  Dataset all;
  all.features = static_cast<std::size_t>(features);
  for (std::int64_t row = 0; row < train_rows + test_rows; ++row) {
    const std::int64_t label = equal_rows ? 0 : draw.whole(0, classes - 1);
    for (std::int64_t f = 0; f < features; ++f) {
      const bool repeats = equal_rows && row > 0;
      const double x = repeats ? all.x[static_cast<std::size_t>(f)]
                               : offset + scale * (draw.uniform(-1.0, 1.0) + 0.3 * static_cast<double>(label));
      all.x.push_back(static_cast<double>(static_cast<float>(x)));
    }
    all.y.push_back(label);
  }
  return split(all, static_cast<std::size_t>(train_rows));
}

OptimizerConfig draw_optimizer(Draw& draw) {
  const OptimizerEntry& entry = draw.one_of(optimizer_entries());
  OptimizerConfig optimizer = default_config(entry.spec.name);
  const std::vector<OptimizerExample> examples = examples_of(entry.spec.name);
  for (const auto& [name, value] : draw.one_of(examples).arguments) optimizer.arguments[name] = value;
  const std::vector<Convention> conventions = {Convention::keras, Convention::torch, Convention::paper,
                                               Convention::keras3};
  optimizer.convention = draw.one_of(conventions);
  auto& lr = std::get<double>(optimizer.arguments["lr"]);
  lr = std::pow(10.0, draw.chance(0.15) ? draw.uniform(1.0, 30.0) : draw.uniform(-4.0, 1.0));
  if (draw.chance(0.3) && optimizer.convention != Convention::keras3 && optimizer.arguments.count("decay") > 0) {
    optimizer.arguments["decay"] = std::pow(10.0, draw.uniform(-4.0, -1.0));
  }
  if (draw.chance(0.1)) optimizer.arguments["clipnorm"] = std::pow(10.0, draw.uniform(-3.0, 2.0));
  if (draw.chance(0.1)) optimizer.arguments["clipvalue"] = std::pow(10.0, draw.uniform(-4.0, 1.0));
  return optimizer;
}

/// Without some of what a trace may record.
void thin(Draw& draw, Trace& trace) {
  const auto drop = [&](const std::string& prefix) {
    for (auto array = trace.arrays.begin(); array != trace.arrays.end();) {
      array = array->first.rfind(prefix, 0) == 0 ? trace.arrays.erase(array) : std::next(array);
    }
  };
  if (draw.chance(0.4)) return;
  for (const char* series :
       {"step/grad/", "step/param/", "step/slot/", "step/loss", "step/lr", "epoch/loss", "epoch/accuracy",
        "epoch/val_loss", "epoch/val_accuracy", "epoch/lr", "epoch/param/", "final/"}) {
    if (draw.chance(0.3)) drop(series);
  }
  const std::vector<std::int64_t> updates = trace.recorded_updates();
  if (updates.size() < 4 || !draw.chance(0.3)) return;
  std::vector<std::int64_t> kept;
  const double share = draw.uniform(0.2, 0.9);
  for (const std::int64_t update : updates) {
    if (draw.chance(share)) kept.push_back(update);
  }
  for (auto& [series, array] : trace.arrays) {
    if (series.rfind("step/", 0) != 0) continue;
    std::vector<double> values;
    for (const std::int64_t update : kept) {
      const std::vector<double> record = array.record(static_cast<std::size_t>(update));
      values.insert(values.end(), record.begin(), record.end());
    }
    array.values = std::move(values);
    array.shape[0] = static_cast<std::int64_t>(kept.size());
  }
  trace.update_index = kept;
}

RunConfig draw_config(Draw& draw, std::int64_t rows, std::int64_t features, std::int64_t classes) {
  RunConfig config = run_config_from_json(
      R"({"model": {"layers": [{"units": 2, "activation": "softmax"}]}, "optimizer": {"name": "SGD"}, "fit": {"epochs": 1}})",
      "the run", vocabulary());
  std::vector<std::string> hidden;
  for (const ActivationEntry& activation : activations()) {
    if (activation.name != "softmax") hidden.push_back(activation.name);
  }
  const LayerConfig last = config.model.layers.front();
  config.model.layers.clear();
  const std::int64_t count = draw.whole(0, 3);
  double parameters = 0.0;
  std::int64_t inputs = features;
  for (std::int64_t i = 0; i <= count; ++i) {
    LayerConfig layer = last;
    layer.units = i == count ? classes : draw.log_whole(1, 200);
    if (i < count) layer.activation = draw.one_of(hidden);
    parameters += static_cast<double>((inputs + 1) * layer.units);
    inputs = layer.units;
    config.model.layers.push_back(layer);
  }
  if (draw.chance(0.1)) config.model.loss_from = LossFrom::probabilities;
  config.optimizer = draw_optimizer(draw);
  if (draw.chance(0.3)) {
    config.callbacks.push_back(
        run_config_from_json(
            R"({"model": {"layers": [{"units": 2, "activation": "softmax"}]}, "optimizer": {"name": "SGD"},
            "callbacks": [{"name": "ReduceLROnPlateau", "patience": 1, "factor": 0.5}], "fit": {"epochs": 1}})",
            "the run", vocabulary())
            .callbacks.front());
  }
  config.fit.batch_size = draw.log_whole(1, rows);
  // As many updates as take no more than a second or so to verify.
  constexpr double work = 4e7;
  const double of_epoch = static_cast<double>(rows) * parameters;
  const std::int64_t batches = (rows + config.fit.batch_size - 1) / config.fit.batch_size;
  const auto per_epoch = static_cast<double>(batches);
  const double epochs = std::min({5.0, 60.0 / per_epoch, work / of_epoch});
  config.fit.epochs = std::max<std::int64_t>(1, static_cast<std::int64_t>(epochs));
  return config;
}

}  // namespace

CorrectRun correct_run(std::uint32_t seed) {
  Draw draw(seed);
  const std::int64_t features = draw.log_whole(1, 100);
  const std::int64_t classes = draw.whole(2, 5);
  const std::int64_t rows = draw.log_whole(2, 5000);
  const Split data = draw_data(draw, rows, features, classes);
  CorrectRun run;
  run.config = draw_config(draw, rows, features, classes);
  run.engine = draw.chance(0.5) ? EngineKind::fused : EngineKind::autograd;
  const DType dtype = draw.chance(0.7) ? DType::f32 : DType::f64;
  run.trace = make_case(run.config, data, seed, 0, dtype);
  ReplayOptions options;
  options.precision = precision_of(dtype);
  const std::int64_t updates = count_updates(run.config, rows);
  constexpr std::int64_t max_recorded = 120;
  options.plan = {count_from_zero(std::min(updates, max_recorded)), count_from_zero(run.config.fit.epochs),
                  draw.chance(0.5)};
  const Trace observed = replay(run.trace, run.config, run.engine, options);
  run.trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
  thin(draw, run.trace);
  return run;
}

}  // namespace touchstone
