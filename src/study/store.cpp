#include "study/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "files/errors.h"
#include "files/printable.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

struct BlockName {
  std::size_t arm;
  std::uint64_t first;
};

std::string name_of(std::size_t arm, std::uint64_t first) {
  return fmt::format("arm_{:02}_seed_{}.safetensors", arm, first);
}

fs::path file_of(const fs::path& folder, std::size_t arm, std::uint64_t first) { return folder / name_of(arm, first); }

/// What "arm_II_seed_N.safetensors" names; nothing if it is another name.
std::optional<BlockName> parse_name(const std::string& name) {
  const auto number_after = [&](const std::string& mark) {
    std::uint64_t number = 0;
    const std::size_t at = name.find(mark);
    if (at != std::string::npos) std::from_chars(name.data() + at + mark.size(), name.data() + name.size(), number);
    return number;
  };
  const BlockName parsed{number_after("arm_"), number_after("_seed_")};
  return name_of(parsed.arm, parsed.first) == name ? std::optional<BlockName>(parsed) : std::nullopt;
}

template <typename Visit>
void for_each_block(const fs::path& folder, const Visit& visit) {
  std::error_code error;
  std::map<std::string, BlockName> blocks;  // in order, whatever the folder's
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (const auto parsed = parse_name(name)) blocks.emplace(name, *parsed);
  }
  for (const auto& [name, block] : blocks) visit(folder / name, block);
}

void check_identity(const fs::path& file, const Identity& found, const Identity& expected) {
  const auto fail = [&](const std::string& key, const std::string& is, const std::string& should_be) {
    throw UserError(
        fmt::format("{}: belongs to another study: {}: found '{}', expected '{}'", file.string(), key, is, should_be));
  };
  const auto engine = found.find("engine");
  if (engine != found.end() && engine->second != expected.at("engine")) {
    throw UserError(
        fmt::format("{}: these results were computed by --engine {}; continue with that engine, or choose "
                    "another --results",
                    file.string(), printable(engine->second)));
  }
  for (const auto& [key, value] : expected) {
    const auto other = found.find(key);
    if (other == found.end() || other->second != value) fail(key, other == found.end() ? "" : other->second, value);
  }
  for (const auto& [key, value] : found) {
    if (expected.count(key) == 0) fail(key, value, "");
  }
}

bool is_within(const SeedRange& inner, const SeedRange& outer) {
  return inner.first >= outer.first && inner.end <= outer.end;
}

}  // namespace

StudyStore::StudyStore(fs::path folder, std::vector<Identity> identities)
    : folder_(std::move(folder)), identities_(std::move(identities)), kept_(identities_.size()) {}

std::vector<StudyStore::Kept> StudyStore::kept(std::size_t arm, const SeedRange& seeds) const {
  const std::lock_guard lock(mutex_);
  std::vector<Kept> some;
  std::copy_if(kept_.at(arm).begin(), kept_.at(arm).end(), std::back_inserter(some),
               [&](const Kept& block) { return !common_seeds(block.seeds, seeds).empty(); });
  return some;
}

void StudyStore::add_folder(const fs::path& folder) {
  for_each_block(folder, [&](const fs::path& file, const BlockName& name) {
    const Block block = read_block(file);
    if (name.arm >= identities_.size() || block.seeds.first != name.first) {
      throw UserError(fmt::format("{}: found seeds from {} in it, expected a name that says so, of one of {} arms",
                                  file.string(), block.seeds.first, identities_.size()));
    }
    check_identity(file, block.identity, identities_[name.arm]);
    const std::lock_guard lock(mutex_);
    auto& blocks = kept_[name.arm];
    const std::size_t epochs = block.histories.front().epochs.size();
    if (!blocks.empty() && blocks.front().epochs != epochs) {
      throw UserError(fmt::format("{}: found {} epochs, expected {} as in the other blocks", file.string(), epochs,
                                  blocks.front().epochs));
    }
    blocks.push_back({folder, block.seeds, epochs});
  });
}

std::vector<SeedRange> StudyStore::missing_ranges(std::size_t arm, const SeedRange& seeds) const {
  std::vector<Kept> all = kept(arm, seeds);
  all.push_back({folder_, {seeds.end, seeds.end}});
  std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.seeds.first < b.seeds.first; });
  std::vector<SeedRange> missing;
  std::uint64_t seed = seeds.first;
  for (const Kept& block : all) {
    const std::uint64_t end = std::min(block.seeds.first, seeds.end);
    if (seed < end) missing.push_back({seed, end});
    seed = std::max(seed, block.seeds.end);
  }
  return missing;
}

std::vector<std::uint64_t> StudyStore::missing(std::size_t arm, const SeedRange& seeds) const {
  std::vector<std::uint64_t> missing;
  for (const SeedRange& range : missing_ranges(arm, seeds)) {
    for (std::uint64_t seed = range.first; seed < range.end; ++seed) missing.push_back(seed);
  }
  return missing;
}

void StudyStore::require_no_seed_twice() const {
  for (std::size_t arm = 0; arm < kept_.size(); ++arm) {
    std::vector<Kept> all = kept(arm, all_seeds);
    std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.seeds.first < b.seeds.first; });
    for (std::size_t i = 1; i < all.size(); ++i) {
      const SeedRange both = common_seeds(all[i - 1].seeds, all[i].seeds);
      if (both.empty() || all[i - 1].folder == all[i].folder) continue;
      throw UserError(fmt::format("arm {} ({}): seeds {} to {} are in {} and in {}", arm, identities_[arm].at("arm"),
                                  both.first, both.end - 1, all[i - 1].folder.string(), all[i].folder.string()));
    }
  }
}

bool StudyStore::holds(std::size_t arm, const SeedRange& seeds) const {
  const std::vector<Kept> some = kept(arm, seeds);
  return std::any_of(some.begin(), some.end(),
                     [&](const Kept& block) { return block.folder == folder_ && is_within(seeds, block.seeds); });
}

std::map<std::uint64_t, History> StudyStore::read(std::size_t arm, const SeedRange& seeds) const {
  std::map<std::uint64_t, History> histories;
  for (const Kept& kept_block : kept(arm, seeds)) {
    const SeedRange wanted = common_seeds(kept_block.seeds, seeds);
    if (wanted.empty()) continue;
    Block block = read_block(file_of(kept_block.folder, arm, kept_block.seeds.first));
    for (std::uint64_t seed = wanted.first; seed < wanted.end; ++seed) {
      histories.emplace(seed, std::move(block.histories.at(seed - block.seeds.first)));
    }
  }
  return histories;
}

void StudyStore::write(std::size_t arm, const SeedRange& seeds, const std::map<std::uint64_t, History>& histories) {
  Block block{identities_.at(arm), seeds, {}};
  for (const auto& [seed, history] : histories) block.histories.push_back(history);
  write_block(file_of(folder_, arm, seeds.first), block);
  const std::lock_guard lock(mutex_);
  auto& blocks = kept_[arm];
  blocks.erase(
      std::remove_if(blocks.begin(), blocks.end(),
                     [&](const Kept& other) { return other.folder == folder_ && other.seeds.first == seeds.first; }),
      blocks.end());
  blocks.push_back({folder_, seeds, block.histories.front().epochs.size()});
}

void StudyStore::remove_others(std::size_t arm, const SeedRange& seeds, const std::vector<SeedRange>& blocks) {
  const std::lock_guard lock(mutex_);
  auto& all = kept_.at(arm);
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Kept& block) {
                             const bool is_wanted =
                                 std::find(blocks.begin(), blocks.end(), block.seeds) != blocks.end();
                             if (block.folder != folder_ || is_wanted || !is_within(block.seeds, seeds)) return false;
                             fs::remove(file_of(folder_, arm, block.seeds.first));
                             return true;
                           }),
            all.end());
}

std::optional<Identity> identity_in(const fs::path& folder, std::size_t arm) {
  std::optional<fs::path> first;
  for_each_block(folder, [&](const fs::path& file, const BlockName& name) {
    if (!first && name.arm == arm) first = file;
  });
  return first ? std::optional<Identity>(read_block(*first).identity) : std::nullopt;
}

void for_each_run(const fs::path& folder, std::size_t arm, const SeedRange& seeds,
                  const std::function<void(std::uint64_t seed, const History& history)>& visit) {
  std::map<std::uint64_t, fs::path> blocks;
  for_each_block(folder, [&](const fs::path& file, const BlockName& name) {
    if (name.arm == arm) blocks.emplace(name.first, file);
  });
  for (const auto& [first, file] : blocks) {
    const Block block = read_block(file);
    const SeedRange wanted = common_seeds(block.seeds, seeds);
    for (std::uint64_t seed = wanted.first; seed < wanted.end; ++seed) {
      visit(seed, block.histories.at(seed - block.seeds.first));
    }
  }
}

void require_nothing_lost(const fs::path& folder, const std::vector<Identity>& identities, const SeedRange& seeds,
                          const SeedRange& deleted) {
  for_each_block(folder, [&](const fs::path& file, const BlockName& name) {
    const auto is_computed_again = [&] {
      try {
        const Block block = read_block(file);
        return name.arm < identities.size() && block.identity == identities[name.arm] && is_within(block.seeds, seeds);
      } catch (const UserError&) {
        return true;  // nothing is lost of a damaged block
      }
    };
    if (name.first < deleted.first || name.first >= deleted.end || is_computed_again()) return;
    throw UserError(
        fmt::format("{}: holds stored runs of other seeds or of another study, which would be deleted; add "
                    "--resume to continue that study, --fresh to delete it, or choose another --results",
                    folder.string()));
  });
}

void remove_other_blocks(const fs::path& folder, std::size_t arm, const SeedRange& seeds,
                         const std::vector<SeedRange>& kept) {
  for_each_block(folder, [&](const fs::path& file, const BlockName& name) {
    const bool is_kept =
        std::any_of(kept.begin(), kept.end(), [&](const SeedRange& block) { return block.first == name.first; });
    if (name.arm == arm && name.first >= seeds.first && name.first < seeds.end && !is_kept) fs::remove(file);
  });
}

void remove_blocks(const fs::path& folder, const SeedRange& seeds) {
  for_each_block(folder, [&](const fs::path& file, const BlockName& name) {
    if (name.first >= seeds.first && name.first < seeds.end) fs::remove(file);
  });
}

}  // namespace touchstone
