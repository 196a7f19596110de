#pragma once

#include <algorithm>
#include <cstdint>

namespace touchstone {

/// Seeds from `first` to `end` - 1, of 0 to 2^32 - 1.
struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  std::uint64_t count() const { return end - first; }
  bool empty() const { return !(first < end); }
  bool operator==(const SeedRange& other) const { return first == other.first && end == other.end; }
};

inline constexpr SeedRange all_seeds{0, std::uint64_t{1} << 32};

/// Those in both.
inline SeedRange common_seeds(const SeedRange& a, const SeedRange& b) {
  const std::uint64_t first = std::max(a.first, b.first);
  return {first, std::max(first, std::min(a.end, b.end))};
}

}  // namespace touchstone
