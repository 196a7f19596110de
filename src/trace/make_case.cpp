#include "trace/make_case.h"

#include <ATen/core/Tensor.h>

#include "experiment/config.h"
#include "experiment/run_json.h"
#include "model/dense_network.h"
#include "optim/precision.h"
#include "trace/replay.h"
#include "trace/tensors.h"
#include "training/seeded_run.h"

namespace touchstone {
namespace {

/// The rows in the trace's precision, which the run then works on.
Dataset rounded(Dataset dataset, DType dtype) {
  if (dtype == DType::f32) {
    for (double& value : dataset.x) value = static_cast<double>(static_cast<float>(value));
  }
  return dataset;
}

}  // namespace

Trace make_case(const RunConfig& config, const Split& split, std::uint32_t seed, std::uint32_t arm, DType dtype) {
  Trace trace;
  trace.experiment = run_config_to_json(config);
  trace.dtype = dtype;
  trace.train = rounded(split.train, dtype);
  trace.test = rounded(split.test, dtype);

  const SeededStart start =
      seeded_start(config, trace.features(), trace.rows(), seed, arm, scalar_type(precision_of(dtype)), at::kCPU);
  const std::vector<std::string> names = parameter_names(config.model.layers.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    trace.arrays["init/" + names[i]] = {start.parameters[i].sizes().vec(), values_of(start.parameters[i])};
  }
  if (config.fit.shuffle) {
    trace.order.emplace();
    for (std::int64_t epoch = 0; epoch < config.fit.epochs; ++epoch) {
      const std::vector<std::int64_t> rows = start.order(epoch);
      trace.order->insert(trace.order->end(), rows.begin(), rows.end());
    }
  }
  return trace;
}

}  // namespace touchstone
