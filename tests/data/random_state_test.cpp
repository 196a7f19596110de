// NumPy's legacy stream, draw for draw, against values printed by NumPy itself (golden/generate.py).
#include "data/random_state.h"

#include <gmock/gmock.h>

#include <numeric>

#include "golden_json.h"

namespace touchstone {
namespace {

RandomState seeded(const nlohmann::json& seed) {
  return seed.is_array() ? RandomState(seed.get<std::vector<std::uint32_t>>()) : RandomState(seed.get<std::uint32_t>());
}

TEST(RandomState, DrawsWhatNumPyDraws) {
  for (const auto& expected : golden_json("random_state.json")) {
    SCOPED_TRACE(expected["seed"].dump().substr(0, 40));
    RandomState random = seeded(expected["seed"]);
    for (const double draw : expected["random_sample"]) EXPECT_EQ(random.random_sample(), draw);
    for (const double draw : expected["standard_normal"]) EXPECT_EQ(random.standard_normal(), draw);
    EXPECT_EQ(random.uniform(-1.5, 2.5, 5), expected["uniform"].get<std::vector<double>>());
    for (const double draw : expected["normal"]) EXPECT_EQ(random.normal(3.0, 0.25), draw);
    for (const auto& interval : expected["intervals"]) {
      EXPECT_EQ(random.random_interval(interval[0].get<std::uint64_t>()), interval[1].get<std::uint64_t>());
    }
    EXPECT_EQ(random.permutation(23), expected["permutation"].get<std::vector<std::int64_t>>());
    std::vector<std::int64_t> rows(10);
    std::iota(rows.begin(), rows.end(), 0);
    random.shuffle(rows);
    EXPECT_EQ(rows, expected["shuffled_once"].get<std::vector<std::int64_t>>());
    random.shuffle(rows);
    EXPECT_EQ(rows, expected["shuffled_twice"].get<std::vector<std::int64_t>>());
  }
}

// The C++ standard fixes the 10000th output of mt19937 with its default seed, 5489.
TEST(RandomState, IsTheStandardsMersenneTwister) {
  RandomState random(5489U);
  std::uint32_t draw = 0;
  for (int i = 0; i < 10000; ++i) draw = random.next_uint32();
  EXPECT_EQ(draw, 4123659995U);
}

}  // namespace
}  // namespace touchstone
