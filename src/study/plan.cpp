#include "study/plan.h"

#include <algorithm>
#include <cmath>

#include "experiment/config.h"
#include "training/train_arms.h"

namespace touchstone {
namespace {

/// What an update costs beside its arithmetic, in seconds, and how fast that is.
constexpr double autograd_overhead = 4e-4;
constexpr double fused_overhead = 5e-7;
constexpr double operations_per_second = 1e10;

constexpr double seconds_of_block = 2.0;
constexpr double most_per_block = 64.0;

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
  const auto rows = static_cast<double>(train_rows * config.fit.epochs);
  const double arithmetic =
      rows * parameters_of(config.model, features) * operations_per_parameter / operations_per_second;
  const double overhead = engine == EngineKind::fused ? fused_overhead : autograd_overhead;
  return arithmetic + static_cast<double>(count_updates(config, train_rows)) * overhead;
}

std::uint64_t seeds_per_block(double cost_of_run) {
  const double seeds = std::clamp(seconds_of_block / cost_of_run, 1.0, most_per_block);
  return std::uint64_t{1} << static_cast<unsigned>(std::floor(std::log2(seeds)));
}

std::vector<SeedRange> blocks_of(const SeedRange& seeds, std::uint64_t size) {
  std::vector<SeedRange> blocks;
  for (std::uint64_t first = seeds.first; first < seeds.end; first = blocks.back().end) {
    blocks.push_back({first, std::min(seeds.end, (first / size + 1) * size)});
  }
  return blocks;
}

SeedRange seeds_of(const Share& share, const SeedRange& all) {
  const auto begin_of = [&](std::uint64_t index) { return all.first + all.count() * index / share.count; };
  return {begin_of(share.index - 1), begin_of(share.index)};
}

}  // namespace touchstone
