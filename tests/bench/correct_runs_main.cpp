// Verifies correct runs, drawn at random, and prints those that are refused: none should be.
//   touchstone_correct_runs FIRST_SEED COUNT
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "correct_runs.h"
#include "diagnosis/report.h"
#include "experiment/run_json.h"
#include "training/parallel.h"
#include "training/training_spec.h"

int main(int argc, char** argv) {
  using namespace touchstone;
  if (argc != 3) {
    fmt::print(stderr, "usage: touchstone_correct_runs FIRST_SEED COUNT\n");
    return 2;
  }
  const auto first = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
  const auto count = static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10));
  std::mutex printing;
  std::size_t agree = 0;
  std::size_t refused = 0;
  std::size_t not_judged = 0;
  std::int64_t observations = 0;
  parallel_for(count, hardware_threads(), [&](std::size_t i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    const CorrectRun run = correct_run(seed);
    if (const char* folder = std::getenv("TOUCHSTONE_KEEP")) {
      write_trace(fmt::format("{}/{}.safetensors", folder, seed), run.trace);
    }
    const Candidate candidate(run.trace, fmt::format("seed {}", seed));
    const Verdict verdict = verify(candidate, spec_of(candidate.config), {}, 1);
    const std::lock_guard lock(printing);
    observations += verdict.compared;
    ++(verdict.first ? refused : verdict.compared == 0 ? not_judged : agree);
    if (verdict.first) {
      fmt::print("seed {}, {}, {}: {}\n  {}\n", seed, run.engine == EngineKind::fused ? "fused" : "autograd",
                 dtype_name(run.trace.dtype), describe(*verdict.first, run.trace), run.trace.experiment);
      std::fflush(stdout);
    }
  });
  fmt::print("{} runs: {} agree, {} refused, {} recorded nothing that could be judged; {} observations\n", count, agree,
             refused, not_judged, observations);
  return refused == 0 ? 0 : 1;
}
