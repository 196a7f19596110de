#include "verify/verify.h"

#include <fmt/core.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/errors.h"
#include "cli/options.h"
#include "cli/table.h"
#include "training/parallel.h"
#include "verify/compare_traces.h"
#include "verify/report.h"

namespace touchstone {
namespace {

constexpr std::chrono::duration<double> pair_budget(10.0);

int verify_against_reference(const std::string& file, bool json, bool quiet) {
  Trace trace = read_trace(file);
  require_observations(trace, file);
  const Candidate candidate(std::move(trace), file);
  const std::size_t jobs = all_cores();
  Report report{file, &candidate, verify(candidate, {candidate.config, {}}, {}, jobs), std::nullopt};
  if (!report.verdict.agrees()) {
    if (!quiet && !json && isatty(STDERR_FILENO) != 0) {
      fmt::print(stderr, "diverges; looking for the mistake (pairs of mistakes: up to {:g} s)\n", pair_budget.count());
    }
    report.diagnosis = diagnose(candidate, report.verdict, pair_budget, jobs);
  }
  if (json) {
    fmt::print("{}\n", to_json(report));
  } else if (!quiet) {
    fmt::print("{}", to_text(report, isatty(STDOUT_FILENO) != 0));
  }
  return report.verdict.agrees() ? exit_done : exit_refuted;
}

int verify_against_trace(const std::string& file, const std::string& other, bool json, bool quiet) {
  const Trace trace = read_trace(file);
  const Scoreboard board = compare_traces(trace, read_trace(other));
  if (json) {
    fmt::print("{}\n", to_json(file, other, board));
  } else if (!quiet) {
    fmt::print("{}", to_text(file, other, board, trace));
  }
  return board.agrees() ? exit_done : exit_refuted;
}

int run(const std::vector<std::string>& arguments) {
  cxxopts::Options options(
      "touchstone verify",
      "Checks a trace, from whatever engine, against the reference; 0: it agrees, 1: it diverges.");
  auto add = options.add_options();
  add("trace", "a touchstone-trace/1 file", text());
  add("against", "compare with another trace, without training", text(), "REF");
  add("json", "everything, for programs");
  add("quiet", "only the exit code");
  options.parse_positional({"trace"});
  options.positional_help("TRACE");
  const auto parsed = parse(options, arguments);
  if (!parsed) return exit_done;
  if (parsed->count("trace") == 0) throw UsageError("touchstone verify: expected a TRACE, a .safetensors file");
  const auto file = (*parsed)["trace"].as<std::string>();
  const bool json = parsed->count("json") > 0;
  const bool quiet = parsed->count("quiet") > 0;
  if (parsed->count("against") == 0) return verify_against_reference(file, json, quiet);
  return verify_against_trace(file, (*parsed)["against"].as<std::string>(), json, quiet);
}

}  // namespace

Command verify_command() { return {"verify", "checks a trace against the reference, and names the mistake", &run}; }

}  // namespace touchstone
