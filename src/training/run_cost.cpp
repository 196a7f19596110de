#include "training/run_cost.h"

#include "experiment/config.h"
#include "training/train_arms.h"

namespace touchstone {
namespace {

/// What an update costs beside its arithmetic, in seconds, and how fast that is.
constexpr double autograd_overhead = 4e-4;
constexpr double fused_overhead = 5e-7;
constexpr double operations_per_second = 1e10;

double parameters_of(const ModelConfig& model, std::int64_t features) {
  double parameters = 0.0;
  auto inputs = static_cast<double>(features);
  for (const LayerConfig& layer : model.layers) {
    parameters += (inputs + 1.0) * static_cast<double>(layer.units);
    inputs = static_cast<double>(layer.units);
  }
  return parameters;
}

}  // namespace

double cost_of_run(const RunConfig& config, std::int64_t features, std::int64_t train_rows, EngineKind engine) {
  constexpr double operations_per_parameter =
      6.0;  // of each row: forwards, backwards to the parameter and to the input
  const double rows = static_cast<double>(train_rows) * static_cast<double>(config.fit.epochs);
  const double arithmetic =
      rows * parameters_of(config.model, features) * operations_per_parameter / operations_per_second;
  const double overhead = engine == EngineKind::fused ? fused_overhead : autograd_overhead;
  return arithmetic + static_cast<double>(count_updates(config, train_rows)) * overhead;
}

double values_of_forward_pass(const ModelConfig& model, std::int64_t features, std::int64_t rows) {
  auto values = static_cast<double>(features);
  for (const LayerConfig& layer : model.layers) values += static_cast<double>(layer.units);
  return values * static_cast<double>(rows);
}

}  // namespace touchstone
