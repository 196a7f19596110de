#include "training/train_seeds.h"

#include <ATen/core/Tensor.h>

#include <chrono>

#include "optim/precision.h"
#include "training/seeded_run.h"
#include "training/training_data.h"

namespace touchstone {

std::vector<History> train_seeds(const RunConfig& config, const Split& split, std::uint32_t stream,
                                 const std::vector<std::uint32_t>& seeds, const TrainOptions& options,
                                 Observer& observer) {
  const auto begin = std::chrono::steady_clock::now();
  const at::Device device(options.device);
  const at::ScalarType dtype = scalar_type(options.precision);
  const TrainingData data = to_tensors(split, dtype, device);
  std::vector<SeededStart> starts;
  for (const std::uint32_t seed : seeds) {
    starts.push_back(seeded_start(config, data.train_x.size(1), data.train_x.size(0), seed, stream, dtype, device));
  }
  std::vector<History> histories = train(options.engine, config, data, starts, observer);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (History& history : histories) history.seconds = seconds / static_cast<double>(histories.size());
  return histories;
}

}  // namespace touchstone
