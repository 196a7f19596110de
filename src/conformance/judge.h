#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "check/verify.h"
#include "conformance/cases.h"
#include "conformance/run_engine.h"
#include "diagnosis/diagnose.h"

namespace touchstone {

/// The result of one case.
struct CaseResult {
  enum class Outcome { passed, failed, error, skipped } outcome = Outcome::passed;
  std::string message;                 ///< one line; "" if it passed
  std::optional<Deviation> first;      ///< of a failure
  std::optional<Diagnosis> diagnosis;  ///< of a failure
  double seconds = 0.0;                ///< the engine's time, without judging
};

/// Judges the trace that an engine wrote for a case. It must be valid, contain the case's inputs unchanged and all
/// required observations, and agree with the reference.
CaseResult judge_trace(
    const Trace& given, const std::filesystem::path& written,
    const std::function<bool()>& stop_requested = [] { return false; });

/// The same for a trace in memory, which may record any subset of the series. `source` names it in messages.
CaseResult judge_observations(const Trace& given, Trace observed, const std::string& source);

/// Judges how the engine's process ended, and then its trace. Throws Interrupted once `stop_requested` says so.
CaseResult judge(
    const Trace& given, const EngineRun& run, const std::filesystem::path& written,
    const std::function<bool()>& stop_requested = [] { return false; });

}  // namespace touchstone
