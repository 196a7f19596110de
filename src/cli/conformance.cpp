#include <fmt/core.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <optional>
#include <random>

#include "cli/command.h"
#include "cli/errors.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "conformance/score_card.h"
#include "files/atomic_file.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// Where cases and traces lie while they are at work: the folder to keep, or one that goes away afterwards.
class WorkFolder {
 public:
  explicit WorkFolder(const std::string& kept) : path_(kept), keeps_(!kept.empty()) {
    std::error_code error;
    if (!keeps_) {
      path_ = fs::temp_directory_path(error) / fmt::format("touchstone-{}-{:x}", getpid(), std::random_device{}());
    }
    fs::create_directories(path_, error);
    if (error) throw EnvironmentFault(fmt::format("{}: cannot be made: {}", path_.string(), error.message()));
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!keeps_) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  bool keeps_;
};

struct SuiteOptions {
  std::string engine;
  std::chrono::duration<double> limit{};
  std::uint32_t seed = 0;
  std::size_t jobs = 1;
};

CaseResult run_case(const ConformanceCase& conformance_case, const SuiteOptions& options, const fs::path& folder) {
  const Trace given = trace_of(conformance_case, options.seed);
  const fs::path case_file = folder / (conformance_case.name + ".case.safetensors");
  const fs::path trace_file = folder / (conformance_case.name + ".trace.safetensors");
  std::error_code ignored;
  fs::remove(trace_file, ignored);
  write_trace(case_file, given);
  const auto begin = std::chrono::steady_clock::now();
  const EngineRun run = run_engine(options.engine, case_file, trace_file, folder / (conformance_case.name + ".log"),
                                   options.limit, &interrupted);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  CaseResult result = judge(given, run, trace_file, &interrupted);
  result.seconds = seconds.count();
  return result;
}

/// Runs the cases until all are finished, or someone interrupts; returns those that are.
std::vector<ScoredCase> run_suite(const std::vector<ConformanceCase>& cases, const SuiteOptions& options,
                                  const fs::path& folder) {
  std::vector<std::optional<ScoredCase>> scored(cases.size());
  std::size_t done = 0;
  std::mutex output;
  try {
    parallel_for(cases.size(), options.jobs, [&](std::size_t i) {
      if (interrupted()) throw Interrupted();
      scored[i] = {cases[i], run_case(cases[i], options, folder)};
      const std::lock_guard lock(output);
      ++done;
      if (isatty(STDERR_FILENO) != 0) {
        fmt::print(stderr, "\r\x1b[K{}/{} {}", done, cases.size(), cases[i].name);
        std::fflush(stderr);
      }
    });
  } catch (const Interrupted&) {
  }
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\x1b[K");
  std::vector<ScoredCase> finished;
  for (std::optional<ScoredCase>& each : scored) {
    if (each) finished.push_back(std::move(*each));
  }
  return finished;
}

std::vector<ConformanceCase> chosen_cases(const std::string& pattern) {
  std::vector<ConformanceCase> chosen;
  for (ConformanceCase& each : conformance_cases()) {
    if (pattern.empty() || fnmatch(pattern.c_str(), each.name.c_str(), 0) == 0) chosen.push_back(std::move(each));
  }
  if (chosen.empty()) {
    throw UsageError(
        fmt::format("--filter: no case matches '{}' (--list names them; * and ? stand for anything)", pattern));
  }
  return chosen;
}

int judge_engine(const std::vector<std::string>& arguments) {
  Options options("touchstone conformance",
                  "Runs an engine over the suite of cases; 0: it passed them all, 1: it did not.");
  options.text("engine", "the engine's command, with {case} and {trace} for the files that it reads and writes", "CMD");
  options.text("filter", "only cases whose names match, as 'adam*.f32'", "PATTERN");
  options.flag("list", "name the cases, run nothing");
  options.text("junit", "write the results as JUnit XML", "FILE");
  options.text("keep", "leave cases, traces and the engine's output in a folder", "DIR");
  options.text("timeout", "seconds that the engine may take for a case", "S", "60");
  options.text("seed", "seed of the cases' rows, weights and orders", "N", "0");
  options.text("jobs", "cases run side by side (default: all cores)", "N");
  const auto parsed = options.parse(arguments);
  if (!parsed) return exit_done;

  const std::vector<ConformanceCase> cases = chosen_cases(parsed->text("filter"));
  if (parsed->has("list")) {
    for (const ConformanceCase& each : cases) fmt::print("{}\n", each.name);
    return exit_done;
  }
  SuiteOptions suite;
  suite.engine = parsed->text("engine");
  if (suite.engine.find("{case}") == std::string::npos || suite.engine.find("{trace}") == std::string::npos) {
    throw UsageError(
        fmt::format("--engine: found '{}', expected a command with {{case}} and {{trace}} in it", suite.engine));
  }
  suite.limit = std::chrono::seconds(parsed->integer("timeout", 1, 86400));
  suite.seed = static_cast<std::uint32_t>(parsed->integer("seed", 0, 1000000));
  suite.jobs = parsed->has("jobs") ? static_cast<std::size_t>(parsed->integer("jobs", 1, 1024)) : all_cores();

  catch_interrupts();
  const WorkFolder folder(parsed->text("keep"));
  const std::vector<ScoredCase> scored = run_suite(cases, suite, folder.path());
  if (parsed->has("junit")) write_file_atomically(parsed->text("junit"), junit_xml(scored));
  fmt::print("{}", score_card(scored, wants_colours()));
  if (scored.size() < cases.size()) {
    std::fflush(stdout);
    fmt::print(stderr, "touchstone: interrupted; {} of {} cases were finished\n", scored.size(), cases.size());
    return exit_interrupted;
  }
  const bool passed = std::all_of(scored.begin(), scored.end(), [](const ScoredCase& each) {
    return each.result.outcome == CaseResult::Outcome::passed;
  });
  return passed ? exit_done : exit_refuted;
}

}  // namespace

Command conformance_command() {
  return {"conformance", "runs a custom engine over the whole suite of cases", &judge_engine};
}

}  // namespace touchstone
