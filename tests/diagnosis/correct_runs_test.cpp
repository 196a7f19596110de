#include "../bench/correct_runs.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

// Some of those that touchstone_correct_runs tries by the thousand, and the seeds that were refused once.
TEST(CorrectRuns, DrawnAtRandomAgree) {
  std::vector<std::uint32_t> seeds = {36,   139,  148,  155,  192,  617,  1043,  1444,  2166,
                                      2428, 2775, 4168, 4456, 4693, 3364, 10417, 10966, 20382};
  for (std::uint32_t seed = 0; seed < 24; ++seed) seeds.push_back(seed);
  for (const std::uint32_t seed : seeds) {
    const CorrectRun run = correct_run(seed);
    const Candidate candidate(run.trace, fmt::format("seed {}", seed));
    const Verdict verdict = verify(candidate, spec_of(candidate.config), {}, 2);
    EXPECT_FALSE(verdict.first) << "seed " << seed << ": " << describe(*verdict.first, run.trace);
  }
}

}  // namespace
}  // namespace touchstone
