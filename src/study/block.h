#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "study/seed_range.h"
#include "training/history.h"

namespace touchstone {

/// What an arm's runs depend on besides their seed, in words: blocks that differ in it are not of one study.
using Identity = std::map<std::string, std::string>;

/// The histories of one arm from seeds that follow on each other: what a study keeps.
struct Block {
  Identity identity;
  SeedRange seeds;
  std::vector<History> histories;  ///< one a seed, of the same epochs and updates; their times are not kept
};

/// A safetensors file, "touchstone-study/1": in its metadata the identity, the seeds, the updates and a checksum of all
/// the rest; each metric as F64 [epochs, seeds]. Written whole or not at all. Throws FileError.
void write_block(const std::filesystem::path& file, const Block& block);

/// Throws TraceError, naming the file, for one that is no block, or is damaged.
Block read_block(const std::filesystem::path& file);

}  // namespace touchstone
