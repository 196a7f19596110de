#include "study/plan.h"

#include <gmock/gmock.h>

#include <cmath>

namespace touchstone {

std::ostream& operator<<(std::ostream& stream, const SeedRange& seeds) {
  return stream << '[' << seeds.first << ", " << seeds.end << ')';
}

namespace {

using testing::ElementsAre;

TEST(Blocks, AreCutAtMultiplesWhateverTheFirstSeed) {
  EXPECT_THAT(blocks_of({0, 100}, 32),
              ElementsAre(SeedRange{0, 32}, SeedRange{32, 64}, SeedRange{64, 96}, SeedRange{96, 100}));
  EXPECT_THAT(blocks_of({40, 70}, 32), ElementsAre(SeedRange{40, 64}, SeedRange{64, 70}));
  EXPECT_THAT(blocks_of({5, 5}, 32), ElementsAre());
  EXPECT_THAT(blocks_of({4294967290, 4294967296}, 4),
              ElementsAre(SeedRange{4294967290, 4294967292}, SeedRange{4294967292, 4294967296}));
}

// Every number of shards, by hand: they follow on each other, hold all, and differ by one at most.
TEST(Shares, HoldEverySeedOnce) {
  for (const SeedRange all : {SeedRange{0, 10}, SeedRange{7, 8}, SeedRange{100, 1100}}) {
    for (std::uint64_t count = 1; count <= 13; ++count) {
      std::uint64_t next = all.first;
      for (std::uint64_t index = 1; index <= count; ++index) {
        const SeedRange shard = seeds_of(Shard{index, count}, all);
        EXPECT_EQ(shard.first, next);
        EXPECT_GE(shard.count(), all.count() / count);
        EXPECT_LE(shard.count(), all.count() / count + 1);
        next = shard.end;
      }
      EXPECT_EQ(next, all.end);
    }
  }
}

TEST(BlockSizes, ArePowersOfTwoAndSmallerForDearerRuns) {
  EXPECT_EQ(seeds_per_block(1e-6), 64U);
  EXPECT_EQ(seeds_per_block(1e6), 1U);
  std::uint64_t before = 64;
  for (int tenths = -30; tenths < 30; ++tenths) {
    const std::uint64_t size = seeds_per_block(std::pow(10.0, 0.1 * tenths));
    EXPECT_LE(size, before);
    EXPECT_EQ(size & (size - 1), 0U);
    before = size;
  }
}

}  // namespace
}  // namespace touchstone
