#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "study/seed_range.h"
#include "training/history.h"

namespace touchstone {

/// Everything that an arm's runs depend on besides the seed, as text. Blocks with different identities belong to
/// different studies.
using Identity = std::map<std::string, std::string>;

/// The histories of one arm for consecutive seeds; the unit of storage of a study.
struct Block {
  Identity identity;
  SeedRange seeds;
  std::vector<History> histories;  ///< one per seed, with the same epochs and updates; their times are not stored
};

/// Writes a safetensors file, "touchstone-study/1", atomically. Its metadata contain the identity, the seeds, the
/// updates and a checksum; each metric is F64 [epochs, seeds]. Throws EnvironmentError.
void write_block(const std::filesystem::path& file, const Block& block);

/// Throws UserError, naming the file, if it is not a block or is damaged.
Block read_block(const std::filesystem::path& file);

}  // namespace touchstone
