#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "conformance/cases.h"
#include "conformance/run_engine.h"
#include "verify/diagnose.h"
#include "verify/verify.h"

namespace touchstone {

/// What became of one case.
struct CaseResult {
  enum class Outcome { passed, failed, error, skipped } outcome = Outcome::passed;
  std::string message;                 ///< of all but what passed: one line
  std::optional<Deviation> first;      ///< of a failure
  std::optional<Diagnosis> diagnosis;  ///< of a failure
  double seconds = 0.0;                ///< the engine's, without judging
};

/// Judges what an engine wrote for a case: the trace must be one, carry on the case's inputs unchanged, have every
/// observation that was asked for, and agree with the reference.
CaseResult judge_trace(
    const Trace& given, const std::filesystem::path& written,
    const std::function<bool()>& stop_requested = [] { return false; });

/// The same of a trace in memory, which `source` names, and which may record as little as its engine likes.
CaseResult judge_observations(const Trace& given, Trace observed, const std::string& source);

/// Judges how the engine's process ended, and then its trace. Throws Interrupted once `stop_requested` says so.
CaseResult judge(
    const Trace& given, const EngineRun& run, const std::filesystem::path& written,
    const std::function<bool()>& stop_requested = [] { return false; });

}  // namespace touchstone
