#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "check/candidate.h"
#include "check/verify.h"
#include "diagnosis/facts/facts.h"

namespace touchstone {

/// One way to account for what diverges: a mistake, or several at once.
struct Explanation {
  std::vector<std::string> names;
  std::vector<std::string> sentences;
  std::string detail;                       ///< the value found, if the mistake has one
  std::optional<std::int64_t> from_update;  ///< the mistake begins only there
};

/// Where nothing that is known accounts for an update: the one difference that comes nearest, and where it stops to
/// fit, which is later than the declared update does.
struct ClosestPoint {
  std::vector<std::string> names;
  std::vector<std::string> details;
  std::string formula;
  Deviation first;    ///< from its formula
  std::string place;  ///< of its element: "[0,7]"
};

/// Why one part diverges, looked at by itself.
struct PartDiagnosis {
  Part part = Part::rate;
  std::vector<Explanation> explanations;     ///< more than one: the trace cannot tell them apart
  std::vector<std::string> conventions;      ///< optimizer.convention under which the part would agree
  std::vector<std::string> formulas;         ///< of the update: what each of them computes, those alike once
  std::optional<ClosestPoint> closest = {};  ///< of the update, if it is unknown

  bool is_known() const { return !explanations.empty() || !conventions.empty(); }
};

/// Why a trace diverges, as far as that is known. What is named of the whole brings all of the trace back into bounds,
/// from its start and update by update; what is named of a part, all of that part.
struct Diagnosis {
  std::vector<Explanation> explanations;  ///< more than one: the trace cannot tell them apart
  std::vector<std::string> conventions;   ///< optimizer.convention under which the trace would agree
  std::vector<PartDiagnosis> parts;       ///< those that diverge, in order of cause
  std::string declared_formula;           ///< of the update
  std::string declared_convention;
  std::vector<Fact> facts;  ///< of each part that diverges
  std::vector<std::string> ruled_out;
  std::size_t points_tried = 0;  ///< of the space of updates, each with its numbers solved for
  std::size_t pairs_tried = 0;
  std::size_t pairs_left = 0;  ///< for want of time
  double seconds = 0.0;
};

/// Re-runs the reference with each mistake of the catalogue, for the whole trace and then for each part that diverges;
/// and, where a part stays without a name, for at most `pair_budget` with two mistakes at a time.
/// Throws Interrupted once `stop_requested` says so.
Diagnosis diagnose(
    const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget, std::size_t jobs,
    const std::function<bool()>& stop_requested = [] { return false; });

}  // namespace touchstone
