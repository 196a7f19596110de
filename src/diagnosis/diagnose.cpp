#include "diagnosis/diagnose.h"

#include <algorithm>
#include <utility>

#include "diagnosis/combine.h"
#include "diagnosis/float32_arithmetic.h"
#include "diagnosis/search.h"
#include "experiment/conventions.h"
#include "trace/tensor_place.h"

namespace touchstone {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

Explanations explanations(std::vector<Hypothesis> hypotheses) {
  Explanations all;
  for (Hypothesis& hypothesis : hypotheses) all.add(std::move(hypothesis));
  return all;
}

PartDiagnosis part_diagnosis(Part part, Explanations found) {
  PartDiagnosis diagnosis;
  static_cast<Explanations&>(diagnosis) = std::move(found);
  diagnosis.part = part;
  return diagnosis;
}

/// Whether a schedule sees a series of this part.
bool is_monitored(Part part, const RateSchedule& rates) {
  return std::any_of(rates.callbacks.begin(), rates.callbacks.end(), [&](const Component& callback) {
    const auto monitor = callback.arguments.find("monitor");
    return monitor != callback.arguments.end() &&
           part_of({"epoch/" + std::get<std::string>(monitor->second), 0, 0, 0}, Mode::single_step) == part;
  });
}

/// Rates that were decided by other numbers than the recorded ones are as some threshold makes them: where what the
/// schedules see is wrong and unexplained, so are the rates.
void drop_rates_of_unknown_monitors(const Judgement& judgement, Explained& explained) {
  for (const auto& [part, first] : judgement.differing()) {
    if (is_monitored(part, judgement.declared().rates) && explained[part].empty()) explained[Part::rate].clear();
  }
}

Explained explain_parts(const Judgement& judgement, Seconds budget, Tried& tried) {
  Explained explained;
  for (const auto& [part, first] : judgement.differing()) {
    if (part == Part::run && judgement.differing().size() > 1) continue;  // what went wrong in it has a part
    explained[part] = explanations_of(part, judgement, explained, budget, tried);
  }
  drop_rates_of_unknown_monitors(judgement, explained);
  return explained;
}

/// The point that comes nearest, and where it stops to fit, if that is after the declared update does.
std::optional<ClosestPoint> closest_point(const Judgement& judgement, const Tried& tried) {
  if (!tried.closest) return std::nullopt;
  Hypothesis hypothesis{judgement.declared(), tried.closest->edits};
  hypothesis.spec.update = tried.closest->update;
  for (const PartScore& part : judgement.parts_under(hypothesis, Part::update)) {
    if (!part.first || part.first->site.time <= judgement.differing().at(Part::update).site.time) continue;
    const Array& array = *judgement.candidate().trace.find(part.first->site.series);
    const std::vector<std::int64_t> shape(array.shape.begin() + 1, array.shape.end());
    return ClosestPoint{std::move(hypothesis), *part.first, place_in(shape, part.first->element)};
  }
  return std::nullopt;
}

std::vector<std::string> ruled_out(const Tried& tried, const std::vector<PartDiagnosis>& parts) {
  std::vector<std::string> names;
  for (const std::string& name : tried.names) {
    const bool is_found = std::any_of(parts.begin(), parts.end(), [&](const PartDiagnosis& part) {
      return std::any_of(part.explanations.begin(), part.explanations.end(),
                         [&](const Hypothesis& hypothesis) { return hypothesis.has(name); });
    });
    if (!is_found) names.push_back(name);
  }
  return names;
}

Diagnosis diagnosis_of(const Judgement& judgement, Seconds budget) {
  Tried tried;
  const Explained explained = explain_parts(judgement, budget, tried);
  const Explanations whole = explanations(combined(explained, judgement));
  Diagnosis diagnosis;
  static_cast<Explanations&>(diagnosis) = whole;
  for (const auto& [part, first] : judgement.differing()) {
    const auto of_part = explained.find(part);
    diagnosis.parts.push_back(part_diagnosis(
        part, whole.is_known()
                  ? whole
                  : explanations(of_part == explained.end() ? std::vector<Hypothesis>() : of_part->second)));
    if (part == Part::update && !diagnosis.parts.back().is_known()) {
      diagnosis.parts.back().closest = closest_point(judgement, tried);
    }
  }
  if (tried.residual_correlate) {
    const std::string subject = "the step, less the declared one,";
    const std::string relation = "is proportional to " + *tried.residual_correlate;
    diagnosis.facts.push_back({Part::update, subject, relation, "", subject + " " + relation, ""});
  }
  diagnosis.ruled_out = ruled_out(tried, diagnosis.parts);
  diagnosis.points_tried = tried.points;
  diagnosis.pairs_tried = tried.pairs;
  diagnosis.pairs_left = tried.pairs_left;
  const UpdateSpec& update = judgement.declared().update;
  diagnosis.declared_formula = text_of(update);
  diagnosis.declared_convention = conventions().name(update.config.convention);
  return diagnosis;
}

/// Each of them, computed in float32.
Explanations in_float32(const TrainingSpec& declared, const Explanations& besides) {
  const Hypothesis alone{declared, {{"computed_in_float32", computed_in_float32}}};
  Explanations all;
  for (const auto* hypotheses : {&besides.explanations, &besides.conventions}) {
    for (const Hypothesis& other : *hypotheses) {
      Hypothesis both = other;
      both.edits.insert(both.edits.begin(), alone.edits.front());
      all.explanations.push_back(std::move(both));
    }
  }
  return all;
}

/// A trace that was computed in float32 is held to the rounding of float32; what differs even so is reported beside
/// that.
Diagnosis diagnose_in_float32(Candidate candidate, const Verdict& in_float64, Seconds budget, std::size_t jobs,
                              const std::function<bool()>& stop_requested) {
  candidate.computed_in = Precision::float32;
  const TrainingSpec declared = spec_of(candidate.config);
  const Explanations alone{{{declared, {{"computed_in_float32", computed_in_float32}}}}, {}};
  Scope scope;
  scope.stop_requested = stop_requested;
  const Verdict verdict = verify(candidate, declared, scope, jobs);
  Diagnosis diagnosis;
  if (verdict.first) diagnosis = diagnosis_of(Judgement(candidate, verdict, jobs, stop_requested), budget);
  static_cast<Explanations&>(diagnosis) = verdict.agrees() ? alone : in_float32(declared, diagnosis);
  for (PartDiagnosis& part : diagnosis.parts) static_cast<Explanations&>(part) = in_float32(declared, part);
  for (const PartScore& part : in_float64.parts) {
    const bool is_there = std::any_of(diagnosis.parts.begin(), diagnosis.parts.end(),
                                      [&](const PartDiagnosis& known) { return known.part == part.part; });
    if (part.differs() && !is_there) diagnosis.parts.push_back(part_diagnosis(part.part, alone));
  }
  std::sort(diagnosis.parts.begin(), diagnosis.parts.end(),
            [](const PartDiagnosis& a, const PartDiagnosis& b) { return a.part < b.part; });
  return diagnosis;
}

/// Of the updates that follow the first that differs, and all before it.
std::vector<Fact> observed_facts(const Candidate& candidate, const Verdict& verdict, std::size_t jobs,
                                 const std::function<bool()>& stop_requested) {
  constexpr std::int64_t looked_at = 2 * 128;  // in Site::time
  std::int64_t last = 0;
  for (const PartScore& part : verdict.parts) {
    if (part.first) last = std::max(last, part.first->site.time);
  }
  Scope scope;
  scope.keeps_until = last + looked_at;
  scope.judged_only = true;
  scope.stop_requested = stop_requested;
  return facts_of(candidate, verify(candidate, spec_of(candidate.config), scope, jobs));
}

}  // namespace

void Explanations::add(Hypothesis hypothesis) {
  (hypothesis.is_convention() ? conventions : explanations).push_back(std::move(hypothesis));
}

Diagnosis diagnose(const Candidate& candidate, const Verdict& verdict, Seconds pair_budget, std::size_t jobs,
                   const std::function<bool()>& stop_requested) {
  const auto begin = Clock::now();
  Diagnosis diagnosis = is_computed_in_float32(candidate.trace)
                            ? diagnose_in_float32(candidate, verdict, pair_budget, jobs, stop_requested)
                            : diagnosis_of(Judgement(candidate, verdict, jobs, stop_requested), pair_budget);
  for (Fact& fact : observed_facts(candidate, verdict, jobs, stop_requested)) diagnosis.facts.push_back(fact);
  std::stable_sort(diagnosis.facts.begin(), diagnosis.facts.end(),
                   [](const Fact& a, const Fact& b) { return a.part < b.part; });
  diagnosis.seconds = Seconds(Clock::now() - begin).count();
  return diagnosis;
}

}  // namespace touchstone
