#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "study/seed_range.h"

namespace touchstone {

/// The number of seeds per block for runs of a given cost: a power of two, chosen so that a block takes a few seconds
/// and a crash loses little.
std::uint64_t seeds_per_block(double cost_of_run);

/// Splits `seeds` at multiples of `size`, so that the boundaries do not depend on the first seed.
std::vector<SeedRange> blocks_of(const SeedRange& seeds, std::uint64_t size);

/// A shard of a study: the `index`-th of `count`, from 1.
struct Shard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;

  bool is_whole() const { return count == 1; }
};

/// The shard's seeds. Shards are consecutive, and their sizes differ by at most one. May be empty.
SeedRange seeds_of(const Shard& shard, const SeedRange& all);

}  // namespace touchstone
