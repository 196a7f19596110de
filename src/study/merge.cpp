#include "study/merge.h"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>

#include "files/errors.h"
#include "results/study_files.h"
#include "study/identity.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& shard, const std::string& message) {
  throw UserError(fmt::format("{}: {}", shard.string(), message));
}

void require_equal(const fs::path& shard, const std::string& key, const std::string& found, const std::string& expected,
                   const fs::path& first) {
  if (found == expected) return;
  refuse(shard, fmt::format("belongs to another study than {}: {}: found '{}', expected '{}'", first.string(), key,
                            found, expected));
}

/// Whether two shards are of one study, by what their manifests say.
void require_same_study(const fs::path& shard, const ExperimentResult& found, const fs::path& first,
                        const ExperimentResult& expected) {
  const auto check = [&](const std::string& key, const auto& is, const auto& should_be) {
    require_equal(shard, key, fmt::format("{}", is), fmt::format("{}", should_be), first);
  };
  check("first seed", found.provenance.seed, expected.provenance.seed);
  check("seeds", found.provenance.seeds, expected.provenance.seeds);
  check("number of arms", found.arms.size(), expected.arms.size());
  for (std::size_t a = 0; a < found.arms.size(); ++a) {
    const Identity is = described_identity(found, a);
    const Identity should_be = described_identity(expected, a);
    for (const auto& [key, value] : should_be) check(key, is.count(key) > 0 ? is.at(key) : "", value);
    check("number of values", is.size(), should_be.size());
  }
}

/// With what the manifest does not say as the first block has it.
Identity identity_of_shards(const ExperimentResult& study, std::size_t arm, const std::vector<fs::path>& shards) {
  Identity identity = described_identity(study, arm);
  for (const fs::path& shard : shards) {
    const auto found = identity_in(study_folder(shard), arm);
    if (!found) continue;
    identity.insert(found->begin(), found->end());
    return identity;
  }
  return identity;
}

bool is_same_folder(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error);
}

void require_different_folders(const std::vector<fs::path>& shards) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (is_same_folder(shards[i], shards[j])) refuse(shards[i], "is given twice");
    }
  }
}

}  // namespace

StudyResult merge_study(const std::vector<fs::path>& shards, const fs::path& folder, std::size_t jobs,
                        const std::function<bool()>& stop) {
  require_different_folders(shards);
  const ExperimentResult study = read_study_manifest(shards.front());
  for (const fs::path& shard : shards) {
    require_same_study(shard, read_study_manifest(shard), shards.front(), study);
  }
  const auto own =
      std::find_if(shards.begin(), shards.end(), [&](const fs::path& shard) { return is_same_folder(shard, folder); });
  const fs::path to = study_folder(own == shards.end() ? folder : *own);

  std::vector<Identity> identities;
  for (std::size_t a = 0; a < study.arms.size(); ++a) identities.push_back(identity_of_shards(study, a, shards));
  for (const Identity& identity : identities) seeds_per_block(identity);  // refuses what is no number of seeds
  StudyStore store(to, identities);
  for (const fs::path& shard : shards) store.add_folder(study_folder(shard));
  store.require_no_seed_twice();
  require_all_seeds(study, store);
  if (own == shards.end()) remove_blocks(to, all_seeds);
  remove_earlier_study(folder);
  return join_study(study, store, folder, jobs, stop);
}

}  // namespace touchstone
