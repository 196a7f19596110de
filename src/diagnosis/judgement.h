#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>

#include "check/verify.h"
#include "diagnosis/hypothesis.h"

namespace touchstone {

/// What of a trace deviates from the declared training, and whether a hypothesis explains it.
class Judgement {
 public:
  /// `declared`: the verdict on the trace. All must outlive it. Throws Interrupted, here and below, once asked to stop.
  Judgement(const Candidate& candidate, const Verdict& declared, std::size_t jobs,
            const std::function<bool()>& stop_requested);

  const Candidate& candidate() const { return candidate_; }
  const TrainingSpec& declared() const { return declared_; }
  std::size_t jobs() const { return jobs_; }
  const std::function<bool()>& stop_requested() const { return stop_requested_; }

  /// The parts that differ, in order of cause, with the first deviation of each.
  const std::map<Part, Deviation>& differing() const { return firsts_; }
  bool differs(Part part) const { return firsts_.count(part) > 0; }
  /// Of what comes before the update, all agrees or was given.
  bool only_update_differs() const { return only_update_differs_; }

  /// Whether the hypothesis explains a part: it accounts for every observation of it that deviates, with a tolerance
  /// that is small beside the deviation; contradicts no part that agrees; and its numbers are determined, by more
  /// observations than there are of them.
  bool explains(const Hypothesis& hypothesis, Part part) const;

  /// The first of these conditions alone.
  bool accounts_for(const Hypothesis& hypothesis, Part part) const;
  /// The same, looking only at a part's first deviation and what follows, which most hypotheses do not survive.
  bool accounts_for_first(const Hypothesis& hypothesis, Part part) const;

  /// Whether it accounts for all of the trace, from its start and update by update.
  bool explains_whole(const Hypothesis& hypothesis) const;

  /// What differs first under a hypothesis, in the order of the parts; of `only`, if given. Under the declared
  /// training, what differs first in each part.
  std::vector<PartScore> parts_under(const Hypothesis& hypothesis, std::optional<Part> only = std::nullopt) const;

 private:
  Scope scope_of(std::optional<Part> part, const Hypothesis& hypothesis) const;
  bool agrees(const Hypothesis& hypothesis, const Scope& scope) const;
  bool judges_what_failed(const Verdict& verdict, const Hypothesis& hypothesis, const Scope& scope) const;
  bool contradicts_nothing(const Hypothesis& hypothesis, Part part) const;
  bool is_determined(const Hypothesis& hypothesis, Part part) const;

  const Candidate& candidate_;
  const Verdict& verdict_;
  TrainingSpec declared_;
  std::size_t jobs_;
  const std::function<bool()>& stop_requested_;
  std::map<Part, Deviation> firsts_;
  bool only_update_differs_ = true;
};

}  // namespace touchstone
