#include "conformance/run_suite.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "conformance/score_card.h"
#include "files/atomic_file.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

CaseResult run_case(const ConformanceCase& conformance_case, std::uint32_t seed, const RunEngine& engine,
                    const fs::path& folder, const std::function<bool()>& stop) {
  const Trace given = trace_of(conformance_case, seed);
  const CaseFiles files{folder / (conformance_case.name + ".case.safetensors"),
                        folder / (conformance_case.name + ".trace.safetensors"),
                        folder / (conformance_case.name + ".log")};
  std::error_code ignored;
  fs::remove(files.written, ignored);
  write_trace(files.given, given);
  const auto begin = std::chrono::steady_clock::now();
  const EngineRun run = engine(files);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  CaseResult result = judge(given, run, files.written, stop);
  result.seconds = seconds.count();
  return result;
}

void report(const ScoredCase& scored, const fs::path& folder) {
  const fs::path file = folder / (scored.conformance_case.name + ".report.txt");
  if (scored.result.outcome == CaseResult::Outcome::passed) {
    std::error_code ignored;
    fs::remove(file, ignored);  // an earlier run's
  } else {
    write_file_atomically(file, report_of(scored));
  }
}

}  // namespace

std::vector<ScoredCase> run_suite(const std::vector<ConformanceCase>& cases, std::uint32_t seed,
                                  const RunEngine& engine, const fs::path& folder, std::size_t jobs,
                                  const std::function<bool()>& stop,
                                  const std::function<void(std::size_t done, const std::string& name)>& on_case_done) {
  std::vector<std::optional<ScoredCase>> scored(cases.size());
  std::size_t done = 0;
  std::mutex reporting;
  try {
    parallel_for(cases.size(), jobs, [&](std::size_t i) {
      if (stop()) throw Interrupted();
      scored[i] = {cases[i], run_case(cases[i], seed, engine, folder, stop)};
      report(*scored[i], folder);
      const std::lock_guard lock(reporting);
      on_case_done(++done, cases[i].name);
    });
  } catch (const Interrupted&) {
  }
  std::vector<ScoredCase> finished;
  for (std::optional<ScoredCase>& each : scored) {
    if (each) finished.push_back(std::move(*each));
  }
  return finished;
}

}  // namespace touchstone
