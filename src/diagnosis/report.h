#pragma once

#include <optional>
#include <string>

#include "check/candidate.h"
#include "check/compare_traces.h"
#include "check/verify.h"
#include "diagnosis/diagnose.h"
#include "diagnosis/diagnosis_text.h"

namespace touchstone {

/// All that checking one trace has shown.
struct Report {
  std::string source;  ///< the trace's name
  const Candidate* candidate = nullptr;
  Verdict verdict;
  std::optional<Diagnosis> diagnosis;  ///< of a trace that diverges
};

/// How a report is printed.
struct TextStyle {
  bool colours = false;  ///< ANSI's
  bool table = false;    ///< a row per series too
};

/// The verdict, what was found, and what it was found on.
std::string to_text(const Report& report, const TextStyle& style);

/// What the first divergence is, in one line: "update 3, step/param/dense_0/kernel[0,7]: expected ..., got ...".
std::string describe(const Deviation& deviation, const Trace& trace);

/// Everything, for programs.
std::string to_json(const Report& report);

/// The comparison of two traces, `trace` being the first.
std::string to_text(const std::string& file, const std::string& other, const TraceComparison& comparison,
                    const Trace& trace, const TextStyle& style);
std::string to_json(const std::string& file, const std::string& other, const TraceComparison& comparison);

}  // namespace touchstone
