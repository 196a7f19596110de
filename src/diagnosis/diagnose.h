#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "check/verify.h"
#include "diagnosis/facts/facts.h"
#include "diagnosis/hypothesis.h"

namespace touchstone {

/// Where nothing that is known accounts for an update: the one difference that comes nearest, and where it stops to
/// fit, which is later than the declared update does.
struct ClosestPoint {
  Hypothesis hypothesis;
  Deviation first;    ///< from it
  std::string place;  ///< of its element: "[0,7]"
};

/// What explains something: another convention, or other deviations. More than one: the trace cannot tell them apart.
struct Explanations {
  std::vector<Hypothesis> explanations;
  std::vector<Hypothesis> conventions;  ///< optimizer.convention under which it would agree

  bool is_known() const { return !explanations.empty() || !conventions.empty(); }
  void add(Hypothesis hypothesis);
};

/// Why one part diverges, looked at by itself.
struct PartDiagnosis : Explanations {
  Part part = Part::rate;
  std::optional<ClosestPoint> closest = {};  ///< of the update, if it is unknown
};

/// Why a trace diverges, as far as that is known. What is named of the whole brings all of the trace back into bounds,
/// from its start and update by update; what is named of a part, all of that part.
struct Diagnosis : Explanations {
  std::vector<PartDiagnosis> parts;  ///< those that diverge, in order of cause
  std::string declared_formula;      ///< of the update
  std::string declared_convention;
  std::vector<Fact> facts;             ///< of each part that diverges
  std::vector<std::string> ruled_out;  ///< deviations that were tried
  std::size_t points_tried = 0;        ///< of the space of updates, each with its numbers solved for
  std::size_t pairs_tried = 0;
  std::size_t pairs_left = 0;  ///< for want of time
  double seconds = 0.0;
};

/// Looks for hypotheses that explain each part that diverges, and together the whole trace; pairs of deviations of the
/// network for at most `pair_budget`. Throws Interrupted once `stop_requested` says so.
Diagnosis diagnose(
    const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget, std::size_t jobs,
    const std::function<bool()>& stop_requested = [] { return false; });

}  // namespace touchstone
