
#include "workload.h"

#include <ATen/core/Tensor.h>
#include <fmt/core.h>

#include <algorithm>
#include <variant>

#include "data/dataset.h"
#include "experiment/load.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// Enough that making the network counts for nothing.
constexpr std::int64_t least_updates = 500;

RunConfig load_config(const std::string& optimizer, const WorkloadSize& size, std::int64_t epochs) {
  const Experiment experiment = load_experiment(
      TOUCHSTONE_SOURCE_DIR "/experiments/cell_03_batch_size.yaml",
      {"optimizer=" + optimizer, fmt::format("fit={{epochs: {}, batch_size: {}}}", epochs, size.batch),
       fmt::format("model.layers.0.units={}", size.width), fmt::format("data.make_blobs.n_samples={}", size.rows + 1),
       fmt::format("data.n_train={}", size.rows)},
      vocabulary());
  return std::get<RunConfig>(experiment.arms.front().config);
}

}  // namespace

std::int64_t Workload::updates() const {
  return config.fit.epochs * static_cast<std::int64_t>(batches_of({config.fit.batch_size}, config.data.n_train).size());
}

Workload make_workload(const std::string& optimizer, const WorkloadSize& size) {
  const auto batches = static_cast<std::int64_t>(batches_of({size.batch}, size.rows).size());
  Workload workload{load_config(optimizer, size, (least_updates + batches - 1) / batches), {}, {}};
  workload.data = to_tensors(load_split(workload.config.data), c10::ScalarType::Float, c10::DeviceType::CPU);
  workload.order = shuffled_order(size.rows, RandomState(std::vector<std::uint32_t>{0, 0}))(0);
  return workload;
}

SeededStart make_start(const Workload& workload, std::uint32_t replica) {
  SeededStart start = seeded_start(workload.config, workload.data.train_x.size(1), workload.data.train_x.size(0),
                                   replica, 0, c10::ScalarType::Float, c10::DeviceType::CPU);
  start.order = [order = workload.order](std::int64_t) { return order; };
  return start;
}

}  // namespace touchstone
