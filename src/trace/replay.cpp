#include "trace/replay.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <set>

#include "experiment/config.h"
#include "experiment/run_json.h"
#include "model/dense_network.h"
#include "optim/optimizer.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "trace/tensors.h"
#include "trace/trace_error.h"
#include "training/fit.h"
#include "training/seeded_run.h"
#include "training/train_arms.h"
#include "training/training_data.h"
#include "training/training_spec.h"
#include "training/training_step.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

void check_layers(const Trace& trace, const RunConfig& config, const std::string& source) {
  const std::vector<LayerConfig>& layers = config.model.layers;
  const std::size_t found = trace.parameters().size() / 2;
  if (found != layers.size()) {
    throw trace_error(source, "init/",
                      fmt::format("found {} layers, expected {} as in experiment.model.layers", found, layers.size()));
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string bias = fmt::format("init/dense_{}/bias", i);
    const std::int64_t units = trace.find(bias)->shape[0];
    if (units != layers[i].units) {
      throw trace_error(
          source, bias,
          fmt::format("found {} units, expected {} as in experiment.model.layers", units, layers[i].units));
    }
  }
}

void check_lengths(const Trace& trace, const RunConfig& config, const std::string& source) {
  if (trace.epochs() != 0 && trace.epochs() != config.fit.epochs) {
    throw trace_error(
        source, "experiment",
        fmt::format("found fit.epochs {}, but the tensors have {} epochs", config.fit.epochs, trace.epochs()));
  }
  const std::int64_t updates = count_updates(config, trace.rows());
  const std::vector<std::int64_t> recorded = trace.recorded_updates();
  if (!recorded.empty() && recorded.back() >= updates) {
    throw trace_error(
        source, "step/",
        fmt::format("found update {}, expected 0 to {}: {} rows in batches of {}, {} epochs", recorded.back(),
                    updates - 1, trace.rows(), config.fit.batch_size, config.fit.epochs));
  }
  const std::vector<std::int64_t> epochs = trace.recorded_epochs();
  if (!epochs.empty() && epochs.back() >= config.fit.epochs) {
    throw trace_error(source, "epoch/index",
                      fmt::format("found epoch {}, expected 0 to {}, as in experiment.fit.epochs", epochs.back(),
                                  config.fit.epochs - 1));
  }
}

void check_slots(const Trace& trace, const RunConfig& config, const std::string& source) {
  std::set<std::string> known;
  for (const Slot& slot : make_formula(config.optimizer, Precision::float64).slots) known.insert(slot.name);
  if (known.empty()) {
    const std::vector<std::string>& slots = find_optimizer(config.optimizer.name).slots;
    known.insert(slots.begin(), slots.end());  // an engine may keep what the reference does without
  }
  for (const auto& [name, array] : trace.arrays) {
    const auto begin = name.find("/slot/");
    if (begin == std::string::npos) continue;
    const std::string slot = name.substr(begin + 6, name.find('/', begin + 6) - begin - 6);
    if (known.count(slot) == 0) {
      throw trace_error(source, name,
                        fmt::format("found a slot that {} does not have, expected {}", config.optimizer.name,
                                    fmt::join(known, ", ")));
    }
  }
}

}  // namespace

Precision precision_of(DType dtype) { return dtype == DType::f32 ? Precision::float32 : Precision::float64; }

RunConfig read_configuration(const Trace& trace, const std::string& source) {
  RunConfig config = run_config_from_json(trace.experiment, source + ": experiment", vocabulary());
  check_layers(trace, config, source);
  check_lengths(trace, config, source);
  check_slots(trace, config, source);
  return config;
}

TrainingData data_of(const Trace& trace, Precision precision) {
  return to_tensors({trace.train, trace.test}, scalar_type(precision), at::kCPU);
}

std::vector<at::Tensor> initial_parameters(const Trace& trace, Precision precision) {
  std::vector<at::Tensor> parameters;
  for (const std::string& name : trace.parameters()) {
    const Array& array = *trace.find("init/" + name);
    parameters.push_back(tensor_of(array.values, array.shape, scalar_type(precision)));
  }
  return parameters;
}

namespace {

/// What a run is given, on its device.
struct Given {
  TrainingData data;
  SeededStart start;
};

Given given_by(const Trace& trace, const ReplayOptions& options) {
  const at::Device device(options.device);
  Given given{to_tensors({trace.train, trace.test}, scalar_type(options.precision), device), {}};
  for (const at::Tensor& initial : initial_parameters(trace, options.precision)) {
    given.start.parameters.push_back((options.perturb ? options.perturb(initial) : initial).to(device));
  }
  given.start.order = [&trace](std::int64_t epoch) { return trace.order_of(epoch); };
  return given;
}

}  // namespace

Trace replay(const Trace& trace, const TrainingSpec& spec, const ReplayOptions& options) {
  Trace observed;
  replay(trace, spec, options, appending_to(observed));
  return observed;
}

void replay(const Trace& trace, const TrainingSpec& spec, const ReplayOptions& options, const RecordSink& sink) {
  const Given given = given_by(trace, options);
  const std::vector<at::Tensor> parameters = start_of(spec, given.start.parameters);
  Recorder recorder(sink, trace.parameters(), options.plan, options.stop_requested);
  if (options.make_step) {
    const auto step = options.make_step(parameters);
    fit(spec, given.data, parameters, given.start.order, recorder, *step);
  } else {
    fit(spec, given.data, parameters, given.start.order, recorder);
  }
}

Trace replay(const Trace& trace, const RunConfig& config, EngineKind engine, const ReplayOptions& options) {
  const Given given = given_by(trace, options);
  Trace observed;
  Recorder recorder(appending_to(observed), trace.parameters(), options.plan, options.stop_requested);
  train(engine, config, given.data, given.start, recorder);
  return observed;
}

}  // namespace touchstone
