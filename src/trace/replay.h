#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "trace/recorder.h"
#include "trace/trace_file.h"
#include "training/engine.h"

namespace touchstone {

struct Setup;
struct TrainingData;

Precision precision_of(DType dtype);

/// A trace's `experiment`, checked against its tensors: layers, epochs, recorded updates, the optimizer's slots.
/// `source` names the trace in messages. Throws ConfigError or TraceError.
RunConfig read_configuration(const Trace& trace, const std::string& source);

/// How many updates an epoch of `rows` training rows makes.
std::int64_t updates_per_epoch(const Setup& setup, std::int64_t rows);

/// A trace's rows and initial parameters as tensors.
TrainingData data_of(const Trace& trace, Precision precision);
std::vector<at::Tensor> initial_parameters(const Trace& trace, Precision precision);

/// How a trace's run is repeated. `move`, if any, is applied to the initial parameters.
struct ReplayOptions {
  Precision precision = Precision::float64;
  std::string device = "cpu";
  EngineKind engine = EngineKind::autograd;  ///< another than autograd does not look at the setup's recipe
  RecordingPlan plan;
  std::function<at::Tensor(const at::Tensor&)> move;
  std::function<bool()> stop_requested = [] { return false; };  ///< true ends the run with Interrupted
};

/// Runs what `trace` describes: its data, initial parameters and order, under `setup`. Returns what
/// `plan` names and each epoch's metrics, in the format's arrays; the observations of `trace` are not looked at.
Trace replay(const Trace& trace, const Setup& setup, const ReplayOptions& options);

/// The same, passed to `sink` as it is recorded.
void replay(const Trace& trace, const Setup& setup, const ReplayOptions& options, const RecordSink& sink);

}  // namespace touchstone
