#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <random>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/print_status.h"
#include "cli/status_line.h"
#include "cli/terminal.h"
#include "cli/training_options.h"
#include "conformance/results_json.h"
#include "conformance/score_card.h"
#include "conformance/serve_engine.h"
#include "experiment/conventions.h"
#include "files/atomic_file.h"
#include "files/errors.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// The folder of cases and traces: the one given by --keep, or a temporary one that is removed afterwards.
class WorkFolder {
 public:
  explicit WorkFolder(const std::string& kept) : path_(kept), keeps_(!kept.empty()) {
    std::error_code error;
    if (!keeps_) {
      path_ = fs::temp_directory_path(error) / fmt::format("touchstone-{}-{:x}", getpid(), std::random_device{}());
    }
    fs::create_directories(path_, error);
    if (error) throw EnvironmentError(fmt::format("{}: cannot be made: {}", path_.string(), error.message()));
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

SuiteOptions suite_options(const ParsedOptions& options) {
  using Types = SuiteOptions::Types;
  static const std::map<std::string, Types> types = {
      {"float32", Types::float32}, {"float64", Types::float64}, {"both", Types::both}};
  SuiteOptions suite;
  if (options.has("dtype")) suite.types = types.at(options.choice("dtype"));
  if (options.has("convention")) suite.convention = options.choice("convention");
  return suite;
}

std::vector<ConformanceCase> chosen_cases(const SuiteOptions& suite, const std::string& pattern) {
  std::vector<ConformanceCase> chosen;
  for (ConformanceCase& each : conformance_cases(suite)) {
    if (pattern.empty() || fnmatch(pattern.c_str(), each.name.c_str(), 0) == 0) chosen.push_back(std::move(each));
  }
  if (chosen.empty()) {
    throw UserError(
        fmt::format("--filter: no case matches '{}' (--list names them; * and ? stand for anything)", pattern));
  }
  return chosen;
}

RunEngine engine_of(const ParsedOptions& options, const fs::path& folder) {
  const std::string command = options.text("engine");
  const std::chrono::duration<double> limit = std::chrono::seconds(options.integer("timeout", 1, 86400));
  if (options.has("serve")) {
    if (command.empty()) throw UserError("--engine: missing, expected the command to serve");
    if (folder.string().find_first_of(" \t\n") != std::string::npos) {
      throw UserError(fmt::format(
          "{}: found '{}', expected a folder without blanks in its name: a served engine gets a line 'CASE TRACE'",
          options.has("keep") ? "--keep" : "TMPDIR", folder.string()));
    }
    return served_engine(command, folder, limit, &interrupted);
  }
  if (command.find("{case}") == std::string::npos || command.find("{trace}") == std::string::npos) {
    throw UserError(fmt::format("--engine: found '{}', expected a command with {{case}} and {{trace}} in it", command));
  }
  return [command, limit](const CaseFiles& files) { return run_engine(command, files, limit, &interrupted); };
}

void add_conformance_options(Options& options) {
  options.text("engine", "the engine's command, with {case} and {trace} for the files that it reads and writes", "CMD");
  options.flag("serve",
               "start the engine once; it answers each line 'CASE TRACE' with ok, unsupported: ... or error: ...");
  options.text("filter", "only cases whose names match, such as 'adam*.f32' or 'update.*'", "PATTERN");
  options.choice("convention", "judge under keras, torch, paper or keras3", "NAME", conventions().names());
  options.choice("dtype", "run every case in float32, float64 or both (default: about half of the cases in each)",
                 "TYPE", {"float32", "float64", "both"});
  options.flag("list", "list the cases and exit");
  options.flag("verbose", "list every case that did not pass, not only the summary");
  options.text("junit", "write the results as JUnit XML", "FILE");
  options.text("keep", "keep cases, traces, reports and the engine's output in a folder", "DIR");
  options.text("timeout", "time limit per case, in seconds", "S", "60");
  options.text("seed", "seed of the cases' rows, weights and orders", "N", "0");
  options.text("jobs", "cases run in parallel (default: all cores)", "N");
}

int judge_engine(const ParsedOptions& parsed) {
  const std::vector<ConformanceCase> cases = chosen_cases(suite_options(parsed), parsed.text("filter"));
  if (parsed.has("list")) {
    for (const ConformanceCase& each : cases) fmt::print("{}\n", each.name);
    return exit_done;
  }
  const auto seed = static_cast<std::uint32_t>(parsed.integer("seed", 0, 1000000));
  const std::size_t jobs = read_jobs(parsed);

  catch_interrupts();
  const WorkFolder folder(parsed.text("keep"));
  const RunEngine engine = engine_of(parsed, folder.path());
  StatusLine progress(isatty(STDERR_FILENO) == 0);
  // Opened before the first case: if the file cannot be written, no case runs.
  std::optional<AtomicFile> junit;
  if (parsed.has("junit")) {
    remove_temporary_files(fs::path(parsed.text("junit")).parent_path());
    junit.emplace(parsed.text("junit"));
  }
  const std::vector<ScoredCase> scored =
      run_suite(cases, seed, engine, folder.path(), jobs, &interrupted, [&](std::size_t done, const std::string& name) {
        progress.show(fmt::format("{}/{} {}", done, cases.size(), name));
      });
  progress.clear();
  if (parsed.has("verbose")) {
    for (const ScoredCase& each : scored) {
      if (each.result.outcome != CaseResult::Outcome::passed) fmt::print("{}", report_of(each));
    }
    fmt::print("\n");
  }
  fmt::print("{}", score_card(scored, wants_colours()));
  std::fflush(stdout);
  if (junit) {
    junit->write(junit_xml(scored));
    junit->commit();
  }
  if (parsed.has("keep")) {
    write_file_atomically(folder.path() / "results.json",
                          results_json(scored, parsed.text("engine"), suite_options(parsed).convention));
  }
  if (scored.size() < cases.size()) {
    std::fflush(stdout);
    print_status("touchstone: interrupted; {} of {} cases were finished\n", scored.size(), cases.size());
    return exit_interrupted;
  }
  using Outcome = CaseResult::Outcome;
  const auto has = [&](Outcome outcome) {
    return std::any_of(scored.begin(), scored.end(),
                       [&](const ScoredCase& each) { return each.result.outcome == outcome; });
  };
  const bool is_faulty = has(Outcome::failed) || has(Outcome::error);
  if (!has(Outcome::passed) && !is_faulty) {
    print_status("touchstone: the engine supports none of {} cases: nothing was checked\n", scored.size());
  }
  return has(Outcome::passed) && !is_faulty ? exit_done : exit_mismatch;
}

}  // namespace

Command conformance_command() {
  return {"conformance", "checks an engine under test over the suite of cases",
          "Runs an engine over the suite of cases; 0: it passed all that it supports, 1: a case failed or none passed.",
          &add_conformance_options, &judge_engine};
}

}  // namespace touchstone
