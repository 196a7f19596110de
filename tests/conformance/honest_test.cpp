// Engines that are right, each with roundings of its own, are never failed: every case, many seeds. Each case and seed
// is run by one of them, in turn.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <mutex>

#include "engines.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

/// How many seeds; more with TOUCHSTONE_HONEST_SEEDS.
std::uint32_t seeds() {
  const char* asked = std::getenv("TOUCHSTONE_HONEST_SEEDS");
  return asked == nullptr ? 20 : static_cast<std::uint32_t>(std::strtoul(asked, nullptr, 10));
}

TEST(HonestEngines, AreNeverFailed) {
  const std::vector<ExampleEngine> engines = {cpp_engine(), cpp_engine("--sum reversed"), numpy_engine(),
                                              cpp_engine("--sum pairwise"), cpp_engine("--sum fma")};
  const std::vector<ConformanceCase> cases = conformance_cases();
  std::mutex failures;
  parallel_for(cases.size() * seeds(), 2, [&](std::size_t i) {
    const ConformanceCase& conformance_case = cases[i % cases.size()];
    const auto seed = static_cast<std::uint32_t>(i / cases.size());
    const ExampleEngine& engine = engines[(i + seed) % engines.size()];
    const CaseResult result = run_example(engine, conformance_case, seed);
    if (result.outcome == CaseResult::Outcome::passed) return;
    const std::lock_guard lock(failures);
    ADD_FAILURE() << engine.command << ", " << conformance_case.name << ", seed " << seed << ": " << result.message;
  });
  fmt::print("{} runs of {} honest engines over {} cases and {} seeds\n", cases.size() * seeds(), engines.size(),
             cases.size(), seeds());
  EXPECT_GE(cases.size(), 120U);
}

}  // namespace
}  // namespace touchstone
