// Engines that are right, each with roundings of its own, are never failed: every case, several seeds. Each case and
// seed is run by one of them, in turn.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "engines.h"

namespace touchstone {
namespace {

/// How many seeds; more with TOUCHSTONE_HONEST_SEEDS.
std::uint32_t seeds() {
  const char* asked = std::getenv("TOUCHSTONE_HONEST_SEEDS");
  return asked == nullptr ? 3 : static_cast<std::uint32_t>(std::strtoul(asked, nullptr, 10));
}

class HonestEngines : public testing::TestWithParam<std::size_t> {};

TEST_P(HonestEngines, AreNeverFailed) {
  const std::vector<ExampleEngine> engines = {cpp_engine(), cpp_engine("--sum reversed"), numpy_engine(),
                                              cpp_engine("--sum pairwise"), cpp_engine("--sum fma")};
  const ConformanceCase conformance_case = conformance_cases().at(GetParam());
  for (std::uint32_t seed = 0; seed < seeds(); ++seed) {
    const ExampleEngine& engine = engines[(GetParam() + seed) % engines.size()];
    const CaseResult result = run_example(engine, conformance_case, seed);
    EXPECT_EQ(result.outcome, CaseResult::Outcome::passed)
        << engine.command << ", seed " << seed << ": " << result.message;
  }
}

INSTANTIATE_TEST_SUITE_P(All, HonestEngines, testing::Range(std::size_t{0}, conformance_cases().size()), case_at);

TEST(Suite, HasAtLeastOneHundredAndTwentyCases) { EXPECT_GE(conformance_cases().size(), 120U); }

}  // namespace
}  // namespace touchstone
