#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "trace/recorder.h"
#include "trace/trace_file.h"
#include "training/engine.h"

namespace touchstone {

struct TrainingSpec;
struct TrainingData;
class TrainingStep;

Precision precision_of(DType dtype);

/// A trace's `experiment`, checked against its tensors: layers, epochs, recorded updates, the optimizer's slots.
/// `source` names the trace in messages. Throws UserError or UserError.
RunConfig read_configuration(const Trace& trace, const std::string& source);

/// A trace's rows and initial parameters as tensors.
TrainingData data_of(const Trace& trace, Precision precision);
std::vector<at::Tensor> initial_parameters(const Trace& trace, Precision precision);

/// How a trace's run is repeated.
struct ReplayOptions {
  using MakeStep = std::function<std::unique_ptr<TrainingStep>(const std::vector<at::Tensor>& parameters)>;

  Precision precision = Precision::float64;
  std::string device = "cpu";
  RecordingPlan plan;
  std::function<bool()> stop_requested = [] { return false; };  ///< true ends the run with Interrupted
  /// Applied to each initial parameter, if there is one.
  std::function<at::Tensor(const at::Tensor&)> perturb;
  /// How updates are computed; none: by autograd.
  MakeStep make_step;
};

/// Trains what `trace` describes: its data, initial parameters and order, by `spec`. Returns what `plan` names and each
/// epoch's metrics, in the format's arrays; the observations of `trace` are not looked at.
Trace replay(const Trace& trace, const TrainingSpec& spec, const ReplayOptions& options);

/// The same, passed to `sink` as it is recorded.
void replay(const Trace& trace, const TrainingSpec& spec, const ReplayOptions& options, const RecordSink& sink);

/// The same of a configuration, by one of Touchstone's engines.
Trace replay(const Trace& trace, const RunConfig& config, EngineKind engine, const ReplayOptions& options);

}  // namespace touchstone
