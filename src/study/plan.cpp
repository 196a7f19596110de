#include "study/plan.h"

#include <algorithm>
#include <cmath>

namespace touchstone {
namespace {

constexpr double seconds_of_block = 2.0;
constexpr double max_per_block = 64.0;

}  // namespace

std::uint64_t seeds_per_block(double cost_of_run) {
  const double seeds = std::clamp(seconds_of_block / cost_of_run, 1.0, max_per_block);
  return std::uint64_t{1} << static_cast<unsigned>(std::floor(std::log2(seeds)));
}

std::vector<SeedRange> blocks_of(const SeedRange& seeds, std::uint64_t size) {
  std::vector<SeedRange> blocks;
  for (std::uint64_t first = seeds.first; first < seeds.end; first = blocks.back().end) {
    blocks.push_back({first, std::min(seeds.end, (first / size + 1) * size)});
  }
  return blocks;
}

SeedRange seeds_of(const Shard& shard, const SeedRange& all) {
  const auto begin_of = [&](std::uint64_t index) { return all.first + all.count() * index / shard.count; };
  return {begin_of(shard.index - 1), begin_of(shard.index)};
}

}  // namespace touchstone
