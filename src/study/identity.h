#pragma once

#include <cstdint>

#include "results/result.h"
#include "study/block.h"

namespace touchstone {

struct Split;

/// What a study's manifest says that the runs of an arm depend on: all but the data, and how the seeds are cut.
Identity described_identity(const ExperimentResult& study, std::size_t arm);

/// What the runs of an arm depend on: the configuration, the data themselves, the engine, the precision, the device and
/// the versions; and how the seeds are cut into blocks.
Identity identity_of(const ExperimentResult& study, std::size_t arm, const Split& data, std::uint64_t seeds_per_block);

/// How the seeds are cut. Throws std::out_of_range if the identity does not say.
std::uint64_t seeds_per_block(const Identity& identity);

}  // namespace touchstone
