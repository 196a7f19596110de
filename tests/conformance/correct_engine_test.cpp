// Engines that are right, each with roundings of its own, are never failed: every case, several seeds.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "engines.h"

namespace touchstone {
namespace {

/// How many seeds; more with TOUCHSTONE_CORRECT_SEEDS.
std::uint32_t seeds() {
  const char* asked = std::getenv("TOUCHSTONE_CORRECT_SEEDS");
  return asked == nullptr ? 3 : static_cast<std::uint32_t>(std::strtoul(asked, nullptr, 10));
}

class CorrectEngines : public testing::TestWithParam<std::size_t> {};

/// Of every five runs one is the NumPy engine's; the others are the C++ engine's, each with a mixture of arithmetic of
/// its own, and of every four of them one keeps its optimizer's state to itself.
ExampleEngine engine_of(std::size_t conformance_case, std::uint32_t seed) {
  if ((conformance_case + seed) % 5 == 2) return numpy_engine();
  const std::vector<std::string> orders = {"natural", "reversed", "pairwise", "fma"};
  const std::size_t mixture = conformance_case + every_case().size() * seed;
  return cpp_engine(fmt::format("--sum {} --arithmetic {} --private-state {}", orders[(mixture / 2) % orders.size()],
                                mixture, (conformance_case + seed) % 5 == 4 ? "yes" : "no"));
}

TEST_P(CorrectEngines, AreNeverFailed) {
  const ConformanceCase& conformance_case = every_case().at(GetParam());
  for (std::uint32_t seed = 0; seed < seeds(); ++seed) {
    const ExampleEngine engine = engine_of(GetParam(), seed);
    const CaseResult result = run_example(engine, conformance_case, seed);
    EXPECT_EQ(result.outcome, CaseResult::Outcome::passed)
        << engine.command << ", seed " << seed << ": " << result.message;
  }
}

INSTANTIATE_TEST_SUITE_P(All, CorrectEngines, testing::Range(std::size_t{0}, every_case().size()), case_at);

}  // namespace
}  // namespace touchstone
