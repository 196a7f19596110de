#include "diagnosis/judgement.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <set>
#include <string>
#include <utility>

#include "training/interrupted.h"

namespace touchstone {
namespace {

/// How much of the beginning is looked at first, in Site::time.
constexpr std::int64_t beginning = 8;

/// Whether anything but the rates and the update differs from what is declared.
bool edits_network(const TrainingSpec& spec, const TrainingSpec& declared) {
  TrainingSpec otherwise = spec;
  otherwise.update = declared.update;
  otherwise.rates = declared.rates;
  return !(otherwise == declared);
}

/// The series of a state that never changes, as if the optimizer did not have it, and does not have with these slots.
std::set<std::string> unused_states(const Trace& trace, const std::vector<Slot>& slots) {
  std::set<std::string> unused;
  for (const auto& [series, array] : trace.arrays) {
    const auto is_of = [&, name = series](const Slot& slot) {
      return boost::starts_with(name, "step/slot/" + slot.name + "/");
    };
    if (!boost::starts_with(series, "step/slot/") || std::any_of(slots.begin(), slots.end(), is_of)) continue;
    if (std::all_of(array.values.begin(), array.values.end(), [](double value) { return value == 0.0; })) {
      unused.insert(series);
    }
  }
  return unused;
}

}  // namespace

Judgement::Judgement(const Candidate& candidate, const Verdict& declared, std::size_t jobs,
                     const std::function<bool()>& stop_requested)
    : candidate_(candidate),
      verdict_(declared),
      declared_(spec_of(candidate.config)),
      jobs_(jobs),
      stop_requested_(stop_requested) {
  for (const PartScore& part : declared.parts) {
    const bool knows_gradient = part.is_judged() || candidate.trace.has_given_gradients();
    if (part.part == Part::gradient && !knows_gradient) only_update_differs_ = false;
    if (!part.differs()) continue;
    if (part.part != Part::update && part.part != Part::run) only_update_differs_ = false;
    firsts_[part.part] = *part.first;
  }
  only_update_differs_ = only_update_differs_ && differs(Part::update);
}

bool Judgement::explains(const Hypothesis& hypothesis, Part part) const {
  return is_determined(hypothesis, part) && accounts_for(hypothesis, part) && contradicts_nothing(hypothesis, part);
}

bool Judgement::accounts_for(const Hypothesis& hypothesis, Part part) const {
  return accounts_for_first(hypothesis, part) && agrees(hypothesis, scope_of(part, hypothesis));
}

bool Judgement::accounts_for_first(const Hypothesis& hypothesis, Part part) const {
  if (stop_requested_()) throw Interrupted();
  Scope scope = scope_of(part, hypothesis);
  scope.from = firsts_.at(part).site.time;
  scope.until = scope.from + beginning;
  return !verify(candidate_, hypothesis.spec, scope, jobs_).first;
}

bool Judgement::explains_whole(const Hypothesis& hypothesis) const {
  if (only_update_differs_) return true;  // as a part
  if (hypothesis.from_update) {
    return std::all_of(firsts_.begin(), firsts_.end(), [&](const auto& each) {
      return each.first != Part::run && accounts_for(hypothesis, each.first);
    });
  }
  Scope scope = scope_of(std::nullopt, hypothesis);
  scope.judged_only = true;
  return agrees(hypothesis, scope);
}

std::vector<PartScore> Judgement::parts_under(const Hypothesis& hypothesis, std::optional<Part> only) const {
  if (hypothesis.edits.empty() && !only) return verdict_.parts;
  Scope scope = scope_of(only, hypothesis);
  scope.judged_only = true;
  return verify(candidate_, hypothesis.spec, scope, jobs_).parts;
}

Scope Judgement::scope_of(std::optional<Part> part, const Hypothesis& hypothesis) const {
  Scope scope;
  scope.stop_at_first = true;
  scope.unexplained = &verdict_.failed;
  scope.stop_requested = stop_requested_;
  scope.only = part;
  scope.from = 2 * hypothesis.from_update.value_or(0);
  return scope;
}

bool Judgement::agrees(const Hypothesis& hypothesis, const Scope& scope) const {
  const Verdict verdict = verify(candidate_, hypothesis.spec, scope, jobs_);
  return verdict.agrees() && judges_what_failed(verdict, hypothesis, scope);
}

/// Whether what deviates from the declaration within `scope` was judged again, and with a tolerance that explains
/// something: what cannot be judged under a hypothesis is not explained by it. A few may be missing (batches that the
/// hypothesis does not have); of the run from its start, all but the first, since how far a run is determined depends
/// on the hypothesis. A state that it does not have and that stays 0 (AMSGrad's maximum, if amsgrad is ignored) is
/// explained; so is what it expects nearly (or a NaN), however far rounding may lead from there.
bool Judgement::judges_what_failed(const Verdict& verdict, const Hypothesis& hypothesis, const Scope& scope) const {
  constexpr double most = 0.9;
  const bool judges_run = verdict.coverage.whole_until < verdict.updates;
  const std::set<std::string> unused = unused_states(candidate_.trace, formula_of(hypothesis.spec.update).slots);
  double all = 0.0;
  double judged_again = 0.0;
  double tolerated = 0.0;
  const Deviation* first = nullptr;
  for (const auto& [key, deviation] : verdict_.failed) {
    const Part part = part_of(deviation.site, deviation.mode);
    if ((scope.only && part != *scope.only) || !scope.contains(deviation.site)) continue;
    if (part == Part::run && (!judges_run || deviation.site.time > firsts_.at(part).site.time)) continue;
    if (unused.count(deviation.site.series) > 0) continue;
    if (first == nullptr || deviation.site < first->site) first = &deviation;
    const auto series = verdict.judged.find(deviation.site.series);
    const auto swallowed = verdict.swallowed.find(key);
    all += 1.0;
    judged_again += series != verdict.judged.end() && series->second.count(deviation.site.index) > 0 ? 1.0 : 0.0;
    tolerated += swallowed != verdict.swallowed.end() && !swallowed->second ? 1.0 : 0.0;
  }
  if (first == nullptr) return true;
  const auto swallowed = verdict.swallowed.find({first->site.series, first->mode, first->site.index});
  const bool is_explained = swallowed == verdict.swallowed.end() || swallowed->second;
  return is_explained && judged_again >= most * all && tolerated <= (1.0 - most) * all;
}

/// A part that agrees with the declaration must agree with what explains another part. The run from the start must,
/// too, where this is the only part that differs besides it.
bool Judgement::contradicts_nothing(const Hypothesis& hypothesis, Part part) const {
  const bool of_network = edits_network(hypothesis.spec, declared_);
  const bool is_only_one = firsts_.size() == (differs(Part::run) ? 2U : 1U);
  return std::all_of(verdict_.parts.begin(), verdict_.parts.end(), [&](const PartScore& other) {
    if (other.part == part || !other.is_judged()) return true;
    if (other.part == Part::run && hypothesis.from_update) return !other.differs();  // which cannot start late
    if (other.part == Part::run && other.differs() && !is_only_one) return true;
    if (other.part != Part::run && (other.differs() || !of_network)) return true;
    const Scope scope = scope_of(other.part, hypothesis);
    return other.differs() ? agrees(hypothesis, scope) : !verify(candidate_, hypothesis.spec, scope, jobs_).first;
  });
}

/// Of a part with as many observations as numbers were solved for, any rule that has them is right; and of what begins
/// late, any that has them in as many updates.
bool Judgement::is_determined(const Hypothesis& hypothesis, Part part) const {
  if (hypothesis.solved() == 0) return true;
  const std::vector<std::int64_t>& updates = candidate_.updates;
  const auto begin = std::lower_bound(updates.begin(), updates.end(), hypothesis.from_update.value_or(0));
  if (hypothesis.from_update && updates.end() - begin <= hypothesis.solved()) return false;
  std::int64_t observations = 0;
  for (const PartScore& each : verdict_.parts) {
    if (!each.differs() || (each.part != part && each.part != Part::run)) continue;
    const bool is_of_tensors = each.part == Part::gradient || each.part == Part::update;
    observations += is_of_tensors ? 2 * each.compared : each.compared;
  }
  return observations > hypothesis.solved();
}

}  // namespace touchstone
