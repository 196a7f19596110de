#include "conformance/judge.h"

#include <fmt/core.h>

#include "data/epoch_metrics.h"
#include "diagnosis/report.h"
#include "experiment/run_json.h"
#include "files/errors.h"
#include "trace/quote.h"
#include "training/interrupted.h"
#include "training/train_arms.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

constexpr std::chrono::duration<double> pair_budget(2.0);

CaseResult error(std::string message) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::error;
  result.message = std::move(message);
  return result;
}

CaseResult skipped(const std::string& why) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::skipped;
  result.message = why;
  return result;
}

/// The first of the case's inputs that the engine changed; nothing if all are unchanged.
std::string changed_input(const Trace& given, const Trace& got) {
  if (got.dtype != given.dtype) return "the dtype";
  if (got.train.x != given.train.x || got.train.y != given.train.y) return "data/train";
  if (got.test.x != given.test.x || got.test.y != given.test.y) return "data/test";
  if (got.order != given.order) return "order";
  for (const auto& [name, array] : given.arrays) {
    const Array* other = got.find(name);
    if (name == "step/lr" && other != nullptr) continue;  // the engine's own
    if (other == nullptr || other->values != array.values) return name;
  }
  const auto normalised = [](const Trace& trace) {
    return run_config_to_json(run_config_from_json(trace.experiment, "experiment", vocabulary()));
  };
  return normalised(given) == normalised(got) ? "" : "experiment";
}

/// The series that the case requires; for update cases, the parameters.
std::vector<std::string> series_asked_of(const Candidate& candidate) {
  std::vector<std::string> series;
  for (const std::string& parameter : candidate.parameters) series.push_back("step/param/" + parameter);
  if (candidate.trace.has_given_gradients()) return series;
  for (const std::string& parameter : candidate.parameters) series.push_back("step/grad/" + parameter);
  for (const std::string& name : metric_names()) series.push_back("epoch/" + name);
  series.insert(series.end(), {"step/loss", "step/lr"});
  return series;
}

/// The first required series that the trace lacks; nothing if it has all.
std::string missing_series(const Candidate& candidate) {
  const std::vector<std::string> expected = series_asked_of(candidate);
  for (const std::string& series : expected) {
    if (candidate.trace.find(series) == nullptr) return series;
  }
  return "";
}

using Stop = std::function<bool()>;

CaseResult verdict_on(const Candidate& candidate, const Stop& stop_requested, Verdict& verdict) {
  Scope scope;
  scope.stop_requested = stop_requested;
  scope.judged_only = true;
  verdict = verify(candidate, spec_of(candidate.config), scope, 1);
  if (verdict.compared == 0) return error("recorded nothing that could be judged");
  CaseResult result;
  if (!verdict.agrees()) {
    result.outcome = CaseResult::Outcome::failed;
    result.first = verdict.first;
    result.message = describe(*verdict.first, candidate.trace);
    result.diagnosis = diagnose(candidate, verdict, pair_budget, 1, stop_requested);
  }
  return result;
}

/// Judges a trace that must contain every required series.
CaseResult judge_whole(const Candidate& candidate, const Stop& stop_requested) {
  const std::string missing = missing_series(candidate);
  if (!missing.empty()) return error(fmt::format("{}: missing, expected it in the trace", quote(missing)));
  Verdict verdict;
  CaseResult result = verdict_on(candidate, stop_requested, verdict);
  if (result.outcome != CaseResult::Outcome::passed) return result;
  const auto recorded = static_cast<std::int64_t>(candidate.updates.size());
  if (recorded != verdict.updates) {
    return error(fmt::format("recorded {} of {} updates, expected every one", recorded, verdict.updates));
  }
  if (verdict.coverage.whole_until != verdict.updates) {
    return error("the optimizer's state (step/slot/) is missing, expected it after every update");
  }
  return result;
}

/// Judges a trace after checking that it contains the case's inputs unchanged.
template <typename JudgeCandidate>
CaseResult judge_with(const Trace& given, Trace trace, const std::string& source,
                      const JudgeCandidate& judge_candidate) {
  require_observations(trace, source);
  trace.notes = given.notes;  // an engine cannot exempt itself
  const std::string changed = changed_input(given, trace);
  if (!changed.empty()) return error(fmt::format("the engine changed {}, which a trace carries on", changed));
  return judge_candidate(Candidate(std::move(trace), source));
}

/// The result of `judge`; its exceptions become an error of this case, so that the suite continues.
template <typename Judge>
CaseResult or_error(const Judge& judge) {
  try {
    return judge();
  } catch (const Interrupted&) {
    throw;
  } catch (const UserError& thrown) {
    return error(thrown.what());
  } catch (const std::exception& thrown) {
    return error(fmt::format("internal error of touchstone, please report: {}", thrown.what()));
  }
}

}  // namespace

CaseResult judge_trace(const Trace& given, const std::filesystem::path& written, const Stop& stop_requested) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(written, failure);
  if (!std::filesystem::exists(status)) {
    const bool is_missing = status.type() == std::filesystem::file_type::not_found;
    return error(is_missing ? "the engine wrote no trace" : fmt::format("the engine's trace: {}", failure.message()));
  }
  return or_error([&] {
    return judge_with(given, read_trace(written), written.filename().string(),
                      [&](const Candidate& candidate) { return judge_whole(candidate, stop_requested); });
  });
}

CaseResult judge_observations(const Trace& given, Trace observed, const std::string& source) {
  return or_error([&] {
    // A trace in memory passes the same checks as a file.
    Trace checked = parse_trace(format_trace(observed, source), source);
    return judge_with(given, std::move(checked), source, [](const Candidate& candidate) {
      Verdict verdict;
      return verdict_on(
          candidate, [] { return false; }, verdict);
    });
  });
}

CaseResult judge(const Trace& given, const EngineRun& run, const std::filesystem::path& written,
                 const Stop& stop_requested) {
  const std::string message = run.message.empty() ? "" : ": " + run.message;
  switch (run.end) {
    case EngineRun::End::unsupported: return skipped(run.message);
    case EngineRun::End::refused: return error(fmt::format("the engine says{}", message));
    case EngineRun::End::failed: return error(fmt::format("the engine ended with exit code {}{}", run.code, message));
    case EngineRun::End::killed: return error(fmt::format("the engine was killed by signal {}{}", run.code, message));
    case EngineRun::End::timed_out: return error(fmt::format("the engine gave no answer in time{}", message));
    case EngineRun::End::done: break;
  }
  return judge_trace(given, written, stop_requested);
}

}  // namespace touchstone
