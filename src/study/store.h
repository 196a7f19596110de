#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "study/block.h"
#include "study/seed_range.h"

namespace touchstone {

/// The blocks of a study in a folder: arm_II_seed_N.safetensors, where N is the first seed. Thread-safe.
class StudyStore {
 public:
  /// `identities`: one per arm. Other files in the folder are ignored.
  StudyStore(std::filesystem::path folder, std::vector<Identity> identities);

  /// Adds the blocks in `folder`, the store's own or another one. Every block is read and checked. Throws UserError
  /// for a damaged block and, naming the first difference, for a block of another study.
  void add_folder(const std::filesystem::path& folder);

  /// The missing ones among `seeds`, in order.
  std::vector<std::uint64_t> missing(std::size_t arm, const SeedRange& seeds) const;
  /// The same as ranges.
  std::vector<SeedRange> missing_ranges(std::size_t arm, const SeedRange& seeds) const;
  /// Throws UserError, naming them, if blocks of two folders have the same seeds.
  void require_no_seed_twice() const;
  /// Whether the store's own folder has all of them in one block.
  bool holds(std::size_t arm, const SeedRange& seeds) const;

  /// The histories of those of `seeds` that are kept, each with its seed. Throws UserError.
  std::map<std::uint64_t, History> read(std::size_t arm, const SeedRange& seeds) const;
  /// Keeps all of `seeds` as one block. Throws EnvironmentError.
  void write(std::size_t arm, const SeedRange& seeds, const std::map<std::uint64_t, History>& histories);

  /// Removes the blocks of the folder whose seeds are among `seeds` and which are none of `blocks`.
  void remove_others(std::size_t arm, const SeedRange& seeds, const std::vector<SeedRange>& blocks);

  const Identity& identity(std::size_t arm) const { return identities_.at(arm); }

 private:
  struct Kept {
    std::filesystem::path folder;
    SeedRange seeds;
    std::size_t epochs = 0;
  };
  /// The blocks that have some of them.
  std::vector<Kept> kept(std::size_t arm, const SeedRange& seeds) const;

  std::filesystem::path folder_;
  std::vector<Identity> identities_;
  mutable std::mutex mutex_;
  std::vector<std::vector<Kept>> kept_;  ///< of each arm
};

/// What the first of an arm's blocks in a folder says of itself; nothing if there is none. Throws UserError.
std::optional<Identity> identity_in(const std::filesystem::path& folder, std::size_t arm);

/// Calls `visit` with every stored run of an arm whose seed is among `seeds`, in the order of the seeds. Throws
/// UserError for a damaged block.
void for_each_run(const std::filesystem::path& folder, std::size_t arm, const SeedRange& seeds,
                  const std::function<void(std::uint64_t seed, const History& history)>& visit);

/// Throws UserError, with what the user may do instead, if a study of `seeds` that begins anew, and deletes the blocks
/// whose first seed is among `deleted`, would lose what it does not compute again: other seeds, or another study.
void require_nothing_lost(const std::filesystem::path& folder, const std::vector<Identity>& identities,
                          const SeedRange& seeds, const SeedRange& deleted);

/// Removes the blocks of an arm with a first seed among `seeds` that begin none of `kept`.
void remove_other_blocks(const std::filesystem::path& folder, std::size_t arm, const SeedRange& seeds,
                         const std::vector<SeedRange>& kept);

/// Removes all blocks in a folder with a first seed among `seeds`.
void remove_blocks(const std::filesystem::path& folder, const SeedRange& seeds);

}  // namespace touchstone
