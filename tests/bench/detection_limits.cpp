// How small a mistake the verifier still sees: for each optimizer, each of its numbers and each precision, the smallest
// relative deviation that it catches, in a run of 8 and of 128 updates with state. Prints the table of
// tests/engines/README.md.
//   touchstone_detection_limits [OPTIMIZER...]
#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>

#include "check/verify.h"
#include "conformance/examples.h"
#include "data/make_blobs.h"
#include "experiment/config.h"
#include "experiment/run_json.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "trace/make_case.h"
#include "trace/replay.h"
#include "training/parallel.h"
#include "training/train_arms.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// Two updates an epoch.
constexpr std::int64_t rows = 70;
constexpr std::int64_t batch_size = 35;

RunConfig run_of(const OptimizerConfig& optimizer, std::int64_t updates) {
  const std::string model =
      R"({"model": {"layers": [{"units": 50, "activation": "relu", "kernel_initializer": "he_uniform"},
                                                     {"units": 3, "activation": "softmax"}]},
                                "optimizer": {"name": "SGD"}, "fit": {"epochs": 1, "batch_size": 1}})";
  RunConfig run = run_config_from_json(model, "the run", vocabulary());
  run.optimizer = optimizer;
  run.fit.batch_size = batch_size;
  run.fit.epochs = updates / (rows / batch_size);
  return run;
}

/// Whether a run with `axis` off by `deviation`, relatively, is caught.
bool is_caught(const RunConfig& declared, const std::string& axis, double deviation, DType dtype) {
  BlobsParameters blobs;
  blobs.n_samples = rows + 40;
  blobs.cluster_std = {2.0};
  blobs.random_state = 2;
  Trace trace = make_case(declared, split(make_blobs(blobs), rows), 0, 0, dtype);
  RunConfig made = declared;
  double rate_factor = 1.0;
  if (axis == "rate") {
    rate_factor += deviation;
  } else {
    auto& number = std::get<double>(made.optimizer.arguments.at(axis));
    // Below one: what counts is how far it is from one.
    const bool is_share = number > 0.5 && number < 1.0;
    number = is_share ? 1.0 - (1.0 - number) * (1.0 + deviation) : number * (1.0 + deviation);
  }
  TrainingSpec spec = spec_of(made);
  spec.update.pipeline.rate_factor = rate_factor;
  ReplayOptions options;
  options.precision = precision_of(dtype);
  options.plan = {count_from_zero(declared.fit.epochs * (rows / batch_size)), count_from_zero(declared.fit.epochs),
                  true};
  const Trace observed = replay(trace, spec, options);
  trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
  const Candidate candidate(trace, "run");
  Scope scope;
  scope.judged_only = true;
  scope.stop_at_first = true;
  return !verify(candidate, spec_of(candidate.config), scope, 1).agrees();
}

/// By bisection of its logarithm, to a fiftieth of a decade.
std::string limit(const RunConfig& run, const std::string& axis, DType dtype) {
  double caught = -0.3;
  double missed = -17.0;
  if (!is_caught(run, axis, std::pow(10.0, caught), dtype)) return "none";
  while (caught - missed > 0.02) {
    const double middle = 0.5 * (caught + missed);
    (is_caught(run, axis, std::pow(10.0, middle), dtype) ? caught : missed) = middle;
  }
  return fmt::format("{:.1e}", std::pow(10.0, caught));
}

/// The optimizer's first example, and what in it is a number other than the rate's own.
void print_rows(const OptimizerEntry& entry) {
  OptimizerConfig config = default_config(entry.spec.name);
  for (const OptimizerExample& example : examples_of(entry.spec.name)) {
    if (entry.spec.name == "SGD" ? example.name != "momentum" : !example.name.empty()) continue;
    for (const auto& [name, value] : example.arguments) config.arguments[name] = value;
  }
  std::vector<std::string> axes = {"rate"};
  for (const auto& [name, value] : config.arguments) {
    const double* number = std::get_if<double>(&value);
    if (number != nullptr && *number > 0.0 && name != "lr" && name != "decay") axes.push_back(name);
  }
  for (const std::string& axis : axes) {
    std::string row = fmt::format("| {} | {} |", entry.spec.name, axis);
    for (const DType dtype : {DType::f32, DType::f64}) {
      for (const std::int64_t updates : {8, 128})
        row += fmt::format(" {} |", limit(run_of(config, updates), axis, dtype));
    }
    fmt::print("{}\n", row);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace touchstone

int main(int argc, char** argv) {
  using namespace touchstone;
  try {
    use_one_thread();
    const std::vector<std::string> names(argv + 1, argv + argc);
    std::vector<const OptimizerEntry*> entries;
    for (const std::string& name : names) entries.push_back(&find_optimizer(name));
    if (names.empty()) {
      for (const OptimizerEntry& entry : optimizer_entries()) entries.push_back(&entry);
    }
    fmt::print("| optimizer | off is | float32, 8 updates | 128 | float64, 8 updates | 128 |\n");
    fmt::print("| --- | --- | --- | --- | --- | --- |\n");
    for (const OptimizerEntry* entry : entries) print_rows(*entry);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "touchstone_detection_limits: {}\n", error.what());
    return 2;
  }
}
