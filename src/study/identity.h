#pragma once

#include <cstdint>

#include "results/result.h"
#include "study/block.h"

namespace touchstone {

struct Split;

/// The identity from a study's manifest: without the data and the block size.
Identity described_identity(const ExperimentResult& study, std::size_t arm);

/// The identity of an arm's runs: configuration, data, engine, precision, device, versions and block size.
Identity identity_of(const ExperimentResult& study, std::size_t arm, const Split& data, std::uint64_t seeds_per_block);

/// The number of seeds per block. Throws std::out_of_range if the identity has none.
std::uint64_t seeds_per_block(const Identity& identity);

}  // namespace touchstone
