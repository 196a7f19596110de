
#include "recorded.h"

#include "data/make_blobs.h"
#include "experiment/config.h"
#include "experiment/run_json.h"
#include "trace/make_case.h"
#include "trace/replay.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {

Trace recorded(const std::string& config, DType dtype, const std::function<void(Trace&)>& change) {
  BlobsParameters blobs;
  blobs.n_samples = 110;
  blobs.centers = 3;
  blobs.n_features = 2;
  blobs.cluster_std = {2.0};
  blobs.random_state = 2;
  const RunConfig run = run_config_from_json(config, "the test's run", vocabulary());
  Trace trace = make_case(run, split(make_blobs(blobs), 70), 0, 0, dtype);
  if (change) change(trace);
  const TrainingSpec spec = spec_of(run);
  ReplayOptions options;
  options.precision = precision_of(dtype);
  options.plan = {count_from_zero(run.fit.epochs * updates_per_epoch(spec.batches, trace.rows())),
                  count_from_zero(run.fit.epochs), true};
  const Trace observed = replay(trace, spec, options);
  trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
  return trace;
}

Trace recorded_sgd(DType dtype) {
  return recorded(R"({"model": {"layers": [{"units": 50, "activation": "relu", "kernel_initializer": "he_uniform"},
                                           {"units": 3, "activation": "softmax"}]},
                      "optimizer": {"name": "SGD", "lr": 0.02, "momentum": 0.9},
                      "fit": {"epochs": 3, "batch_size": 32}})",
                  dtype);
}

}  // namespace touchstone
