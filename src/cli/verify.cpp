
#include "check/verify.h"

#include <fmt/core.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/print_status.h"
#include "cli/terminal.h"
#include "diagnosis/report.h"
#include "files/errors.h"
#include "training/interrupted.h"
#include "training/parallel.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

constexpr std::chrono::duration<double> pair_budget(2.0);

struct Answer {
  bool json = false;
  bool quiet = false;
  TextStyle style;
};

void print_report(const Report& report, const Answer& answer) {
  if (answer.json) {
    fmt::print("{}\n", to_json(report));
  } else if (!answer.quiet) {
    fmt::print("{}", to_text(report, answer.style));
  }
}

int verify_against_reference(const std::string& file, const Answer& answer) {
  Trace trace = read_trace(file);
  require_observations(trace, file);
  const Candidate candidate(std::move(trace), file);
  const std::size_t jobs = hardware_threads();
  use_one_thread();
  catch_interrupts();
  Scope scope;
  scope.stop_requested = &interrupted;
  Report report{file, &candidate, verify(candidate, spec_of(candidate.config), scope, jobs), std::nullopt};
  if (report.verdict.compared == 0) {
    throw UserError(file + ": nothing could be judged: what it observed lies beyond where rounding leaves the run " +
                    "determined, or needs parameters that it did not record");
  }
  if (!report.verdict.agrees() && (answer.json || !answer.quiet)) {
    if (!answer.json && isatty(STDERR_FILENO) != 0) {
      print_status("diverges; searching for the cause (pairs of deviations: up to {:g} s)\n", pair_budget.count());
    }
    try {
      report.diagnosis = diagnose(candidate, report.verdict, pair_budget, jobs, &interrupted);
    } catch (const Interrupted&) {
      print_report(report, answer);
      print_status("touchstone: interrupted; the verdict is complete, its diagnosis is not\n");
      throw;
    }
  }
  print_report(report, answer);
  return report.verdict.agrees() ? exit_done : exit_mismatch;
}

int verify_against_trace(const std::string& file, const std::string& other, const Answer& answer) {
  const Trace trace = read_trace(file);
  const TraceComparison comparison = compare_traces(trace, file, read_trace(other), other);
  if (answer.json) {
    fmt::print("{}\n", to_json(file, other, comparison));
  } else if (!answer.quiet) {
    fmt::print("{}", to_text(file, other, comparison, trace, answer.style));
  }
  return comparison.agrees() ? exit_done : exit_mismatch;
}

void add_verify_options(Options& options) {
  options.positional("trace", "a touchstone-trace/1 file", "TRACE");
  options.text("against", "compare with another trace, without training", "REF");
  options.flag("table", "also print every series: records, largest deviation, noise");
  options.flag("json", "everything, for programs");
  options.flag("quiet", "only the exit code");
}

int verify_trace(const ParsedOptions& parsed) {
  if (!parsed.has("trace")) throw UserError("touchstone verify: expected a TRACE, a .safetensors file");
  const auto file = parsed.text("trace");
  const Answer answer{parsed.has("json"), parsed.has("quiet"), {wants_colours(), parsed.has("table")}};
  if (!parsed.has("against")) return verify_against_reference(file, answer);
  return verify_against_trace(file, parsed.text("against"), answer);
}

}  // namespace

Command verify_command() {
  return {"verify", "checks a trace against the reference and names the deviation",
          "Checks a trace, from whatever engine, against the reference; 0: it agrees, 1: it diverges.",
          &add_verify_options, &verify_trace};
}

}  // namespace touchstone
