#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "study/seed_range.h"

namespace touchstone {

/// How many seeds are trained and kept together, of runs of that cost: a power of two, so that a block takes some
/// seconds, and what is lost by a crash is little.
std::uint64_t seeds_per_block(double cost_of_run);

/// `seeds`, cut where a multiple of `size` begins: whatever the first is, the cuts are the same.
std::vector<SeedRange> blocks_of(const SeedRange& seeds, std::uint64_t size);

/// A share of a study: the `index`-th of `count`, from 1.
struct Share {
  std::uint64_t index = 1;
  std::uint64_t count = 1;

  bool is_whole() const { return count == 1; }
};

/// The share's seeds: shares follow on each other, and differ by one seed at most. May be empty.
SeedRange seeds_of(const Share& share, const SeedRange& all);

}  // namespace touchstone
