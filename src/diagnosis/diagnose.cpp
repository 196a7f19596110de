#include "diagnosis/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <deque>
#include <map>
#include <utility>

#include "diagnosis/known_deviations.h"
#include "diagnosis/sources/float32_arithmetic.h"
#include "diagnosis/sources/identify_update.h"
#include "diagnosis/sources/mistake.h"
#include "diagnosis/sources/network_numbers.h"
#include "diagnosis/sources/rate_numbers.h"
#include "experiment/conventions.h"
#include "trace/tensor_place.h"

namespace touchstone {
namespace {

using Clock = std::chrono::steady_clock;
using Deadline = std::chrono::time_point<Clock, std::chrono::duration<double>>;

/// A mistake with the value that is tried.
struct Suspect {
  const Mistake* mistake;
  TrainingSpec spec;
};

/// What accounts for a part: mistakes, another convention, or another update.
struct Cause {
  TrainingSpec spec;
  std::vector<const Mistake*> mistakes = {};
  std::optional<Convention> convention = {};
  std::optional<UpdateFinding> update = {};

  /// All that `other` consists of, where that is mistakes alone.
  bool contains(const Cause& other) const {
    return !other.convention && !other.update &&
           std::all_of(other.mistakes.begin(), other.mistakes.end(), [&](const Mistake* mistake) {
             return std::find(mistakes.begin(), mistakes.end(), mistake) != mistakes.end();
           });
  }

  bool is_same(const Cause& other) const {
    return convention == other.convention && mistakes == other.mistakes &&
           update.has_value() == other.update.has_value() && (!update || update->names == other.update->names);
  }
};

TrainingSpec with_update(TrainingSpec spec, const UpdateSpec& update) {
  spec.update = update;
  return spec;
}

TrainingSpec with_convention(TrainingSpec spec, Convention convention) {
  OptimizerConfig config = spec.update.config;
  config.convention = convention;
  spec.update = UpdateSpec::of(config);
  return spec;
}

class Diagnostician {
 public:
  Diagnostician(const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget,
                std::size_t jobs, const std::function<bool()>& stop_requested)
      : candidate_(candidate),
        declared_(spec_of(candidate.config)),
        first_(*verdict.first),
        pair_budget_(pair_budget),
        verdict_(verdict),
        jobs_(jobs),
        stop_requested_(stop_requested) {
    for (const PartScore& part : verdict.parts) {
      const bool knows_gradient = part.is_judged() || candidate.trace.has_given_gradients();
      if (part.part == Part::gradient && !knows_gradient) only_update_differs_ = false;
      if (!part.differs()) continue;
      if (part.part != Part::update && part.part != Part::run) only_update_differs_ = false;
      if (part.part != Part::run) ++differing_parts_;
      diagnosis_.parts.push_back({part.part, {}, {}, {}});
      firsts_[part.part] = *part.first;
    }
    only_update_differs_ = only_update_differs_ && firsts_.count(Part::update) > 0;
  }

  Diagnosis diagnose() {
    const auto begin = Clock::now();
    keep_mistakes();
    find_conventions();
    try_each();
    if (diagnosis_.explanations.empty()) try_late_starts();
    if (diagnosis_.explanations.empty()) {
      for (PartDiagnosis& part : diagnosis_.parts) diagnose_part(part);
      combine_parts();
    } else {
      for (PartDiagnosis& part : diagnosis_.parts) {
        part.explanations = diagnosis_.explanations;
        if (part.part != Part::update) continue;
        for (const TrainingSpec& spec : accounting_) add_formula(part, spec);
      }
    }
    if (has_unknown_part()) try_pairs();
    diagnosis_.declared_formula = text_of(declared_.update);
    diagnosis_.declared_convention = conventions().name(declared_.update.config.convention);
    diagnosis_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return std::move(diagnosis_);
  }

 private:
  void find_conventions() {
    for (const auto& [convention, name] : conventions().entries) {
      if (convention == declared_.update.config.convention) continue;
      const TrainingSpec spec = under(convention);
      const bool explains_it = only_update_differs_
                                   ? explains_part(Part::update, spec) && contradicts_nothing(Part::update, spec)
                                   : explains_beginning(spec) && explains(spec);
      if (!explains_it) continue;
      diagnosis_.conventions.emplace_back(name);
      accounting_.push_back(spec);
    }
  }

  TrainingSpec under(Convention convention) const { return with_convention(declared_, convention); }

  void keep_mistakes() {
    mistakes_ = {catalogue().begin(), catalogue().end()};
    if (only_update_differs_) return;
    for (Mistake& mistake : network_numbers(candidate_, declared_, verdict_.parts))
      mistakes_.push_back(std::move(mistake));
  }

  void try_each() {
    for (const Mistake& mistake : mistakes_) {
      const std::vector<TrainingSpec> runs = mistake.runs(declared_);
      for (const TrainingSpec& spec : runs) {
        if (only_update_differs_) break;  // and each of these would make another part differ
        if (is_named(mistake)) break;     // with another number, or form, of it
        if (!has_more_observations_than(mistake.numbers)) break;
        suspects_.push_back({&mistake, spec});
        if (!explains_beginning(spec)) continue;
        close_.push_back({&mistake, spec});
        if (!explains(spec)) continue;
        diagnosis_.explanations.push_back(explanation({&mistake}));
        accounting_.push_back(spec);
      }
      if (!runs.empty() && !only_update_differs_) diagnosis_.ruled_out.push_back(mistake.name);
    }
    for (const Explanation& explanation : diagnosis_.explanations) not_ruled_out(explanation);
  }

  bool is_named(const Mistake& mistake) const {
    return std::any_of(diagnosis_.explanations.begin(), diagnosis_.explanations.end(),
                       [&](const Explanation& known) { return known.names == std::vector<std::string>{mistake.name}; });
  }

  void not_ruled_out(const Explanation& explanation) {
    auto& names = diagnosis_.ruled_out;
    for (const std::string& name : explanation.names)
      names.erase(std::remove(names.begin(), names.end(), name), names.end());
  }

  /// What accounts for one part alone. Of a run from its start nothing is said: what went wrong in it has a part.
  void diagnose_part(PartDiagnosis& diagnosis) {
    if (diagnosis.part == Part::run) return;
    std::vector<Cause>& causes = causes_[diagnosis.part];
    for (const Suspect& suspect : suspects_) {
      const auto is_it = [&](const Cause& cause) { return cause.mistakes.front()->name == suspect.mistake->name; };
      if (std::any_of(causes.begin(), causes.end(), is_it)) continue;  // with another number, or form, of it
      add_if_it_explains(diagnosis.part, {suspect.spec, {suspect.mistake}});
    }
    if (diagnosis.part == Part::update) diagnose_update(diagnosis);
    if (diagnosis.part == Part::rate) try_rate_numbers();
    if (diagnosis.part == Part::rate && causes.empty()) try_several_in_rate();
    if (diagnosis.part == Part::gradient && causes.empty()) try_with_forward();
    for (const Cause& cause : causes) {
      if (diagnosis.part == Part::update) add_formula(diagnosis, cause.spec);
      if (cause.mistakes.empty() && !cause.update) {
        diagnosis.conventions.emplace_back(conventions().name(*cause.convention));
      } else {
        diagnosis.explanations.push_back(explanation_of({cause}));
        not_ruled_out(diagnosis.explanations.back());
      }
    }
  }

  static void add_formula(PartDiagnosis& diagnosis, const TrainingSpec& spec) {
    const std::string formula = text_of(spec.update);
    auto& all = diagnosis.formulas;
    if (!formula.empty() && std::find(all.begin(), all.end(), formula) == all.end()) all.push_back(formula);
  }

  /// If no mistake does: another point of the space of updates, or another convention.
  void diagnose_update(PartDiagnosis& diagnosis) {
    std::vector<Cause>& causes = causes_[Part::update];
    if (!causes.empty()) return;
    const UpdateFindings found = identify();
    if (found.from_update > 0) late_update_ = found.from_update;
    for (const UpdateFinding& finding : found.findings) {
      const TrainingSpec spec = with_update(declared_, finding.update);
      if (contradicts_nothing(Part::update, spec, 2 * found.from_update)) causes.push_back({spec, {}, {}, finding});
    }
    if (found.points_tried > 0) rule_out_updates();
    for (const auto& [convention, name] : conventions().entries) {
      if (convention != declared_.update.config.convention) {
        add_if_it_explains(Part::update, {under(convention), {}, convention});
      }
    }
    if (!causes.empty()) return;
    if (found.closest) tell_closest(*found.closest, diagnosis);
    if (found.residual_correlate) {
      diagnosis_.facts.push_back(
          {Part::update, "the step, less the declared one, is proportional to " + *found.residual_correlate, ""});
    }
  }

  void rule_out_updates() {
    const UpdateSpec declared = declared_.update;
    for (const KnownDeviation& deviation : known_deviations(declared, candidate_.precision())) {
      if (deviation.edit(declared)) diagnosis_.ruled_out.push_back(deviation.name);
    }
  }

  /// From the start, or from the first update that differs.
  UpdateFindings identify() {
    UpdateSearch search;
    const Deviation& first = firsts_.at(Part::update);
    if (first.mode == Mode::single_step && first.site.index > 0) search.from_updates.push_back(first.site.index);
    search.jobs = jobs_;
    search.stop_requested = stop_requested_;
    search.explains = [this](const UpdateSpec& update, std::int64_t from_update) {
      return explains_part(Part::update, with_update(declared_, update), 2 * from_update);
    };
    UpdateFindings found = identify_update(candidate_, search);
    diagnosis_.points_tried += found.points_tried;
    return found;
  }

  /// The point that comes nearest, and where it stops to fit, if that is after the declared update does.
  void tell_closest(const UpdateFinding& closest, PartDiagnosis& diagnosis) {
    const TrainingSpec spec = with_update(declared_, closest.update);
    Scope scope = of_hypothesis();
    scope.only = Part::update;
    const Verdict verdict = verify(candidate_, spec, scope, jobs_);
    if (!verdict.first || verdict.first->site.time <= firsts_.at(Part::update).site.time) return;
    const Array& array = *candidate_.trace.find(verdict.first->site.series);
    const std::vector<std::int64_t> shape(array.shape.begin() + 1, array.shape.end());
    diagnosis.closest = ClosestPoint{closest.names, closest.details, text_of(spec.update), *verdict.first,
                                     place_in(shape, verdict.first->element)};
  }

  /// A number of the schedule, solved for.
  void try_rate_numbers() {
    if (!causes_[Part::rate].empty()) return;
    add_solved(Part::rate, {declared_}, rate_numbers(candidate_, declared_, firsts_.at(Part::rate), explains_rate()));
  }

  /// Schedules are quick to walk: two, and then three mistakes at once, of which one may be a number to be solved for;
  /// and only then what but decides when the rate changes, for which many a value may do.
  void try_several_in_rate() {
    for (const std::size_t count : {2, 3}) {
      if (causes_[Part::rate].empty()) try_in_rate({declared_}, 0, count);
    }
    if (causes_[Part::rate].empty() && monitors_agree())
      add_solved(Part::rate, {declared_}, rate_thresholds(candidate_, declared_, explains_rate()));
  }

  /// Whether what the schedules see is as it should be: rates that were decided by other numbers than the recorded
  /// ones are as some threshold makes them.
  bool monitors_agree() const {
    return std::all_of(declared_.rates.callbacks.begin(), declared_.rates.callbacks.end(), [&](const Component& each) {
      const auto monitor = each.arguments.find("monitor");
      if (monitor == each.arguments.end()) return true;
      const Site site{"epoch/" + std::get<std::string>(monitor->second), 0, 0, 0};
      return firsts_.count(part_of(site, Mode::single_step)) == 0;
    });
  }

  /// `cause` with `count` mistakes more, of those from `next` on.
  void try_in_rate(const Cause& cause, std::size_t next, std::size_t count) {
    if (count == 0) return add_if_it_explains(Part::rate, cause);
    if (count == 1) try_a_number_with(cause);
    for (std::size_t i = next; i < rate_mistakes_.size(); ++i) {
      for (const TrainingSpec& spec : rate_mistakes_[i].runs(cause.spec)) {
        Cause longer{spec, cause.mistakes};
        longer.mistakes.push_back(&rate_mistakes_[i]);
        try_in_rate(longer, i + 1, count - 1);
      }
    }
  }

  void try_a_number_with(const Cause& cause) {
    Scope scope = of_hypothesis();
    scope.only = Part::rate;
    const Verdict verdict = verify(candidate_, cause.spec, scope, jobs_);
    if (!verdict.first) return;
    add_solved(Part::rate, cause, rate_numbers(candidate_, cause.spec, *verdict.first, explains_rate()));
  }

  /// A mistake in the gradient, on top of what accounts for the losses.
  void try_with_forward() {
    for (const Cause& forward : causes_[Part::forward]) {
      Scope scope = of_hypothesis();
      scope.only = Part::gradient;
      const auto numbers =
          network_numbers(candidate_, forward.spec, verify(candidate_, forward.spec, scope, jobs_).parts);
      for (const Mistake& number : numbers) solved_.push_back(number);
      std::vector<const Mistake*> others;
      for (std::size_t i = solved_.size() - numbers.size(); i < solved_.size(); ++i) others.push_back(&solved_[i]);
      for (const Mistake& mistake : mistakes_) others.push_back(&mistake);
      for (const Mistake* other : others) {
        for (const TrainingSpec& spec : other->runs(forward.spec)) {
          Cause both{spec, forward.mistakes};
          both.mistakes.push_back(other);
          if (causes_[Part::gradient].empty()) add_if_it_explains(Part::gradient, both);
        }
      }
    }
  }

  std::function<bool(const TrainingSpec&)> explains_rate() const {
    return [this](const TrainingSpec& spec) { return explains_part(Part::rate, spec); };
  }

  /// Each of `found`, which was solved for with what `cause` names, is one with it.
  void add_solved(Part part, const Cause& cause, std::vector<Mistake> found) {
    for (Mistake& mistake : found) {
      const Mistake& kept = solved_.emplace_back(std::move(mistake));
      Cause longer{kept.runs(cause.spec).front(), cause.mistakes};
      longer.mistakes.push_back(&kept);
      if (is_determined(part, longer) && contradicts_nothing(part, longer.spec)) {
        causes_[part].push_back(std::move(longer));
      }
    }
  }

  void add_if_it_explains(Part part, const Cause& cause) {
    const bool explains_it = is_determined(part, cause) && explains_part(part, cause.spec);
    if (explains_it && contradicts_nothing(part, cause.spec)) causes_[part].push_back(cause);
  }

  /// From `time` on (Site::time).
  bool explains_part(Part part, const TrainingSpec& spec, std::int64_t time = 0) const {
    Scope scope = of_hypothesis();
    scope.only = part;
    scope.from = time;
    Scope beginning = scope;
    beginning.from = firsts_.at(part).site.time;
    beginning.until = beginning.from + 8;
    return !verify(candidate_, spec, beginning, jobs_).first && agrees(spec, scope);
  }

  /// A part that agrees with the declaration must agree with what explains another part. The run from the start must,
  /// too, where this is the only part that differs besides it.
  bool contradicts_nothing(Part part, const TrainingSpec& spec, std::int64_t time = 0) const {
    const bool is_of_network = part != Part::rate && part != Part::update;
    return std::all_of(verdict_.parts.begin(), verdict_.parts.end(), [&](const PartScore& other) {
      if (other.part == part || !other.is_judged()) return true;
      if (other.part == Part::run && time > 0) return !other.differs();  // it cannot be repeated with a late start
      if (other.part == Part::run && other.differs() && differing_parts_ > 1) return true;
      if (other.part != Part::run && (other.differs() || !is_of_network)) return true;
      Scope scope = of_hypothesis();
      scope.only = other.part;
      return other.differs() ? agrees(spec, scope) : !verify(candidate_, spec, scope, jobs_).first;
    });
  }

  /// Of a part with as many observations as numbers were solved for, any rule that has them is right.
  bool is_determined(Part part, const Cause& cause) const {
    int numbers = 0;
    for (const Mistake* mistake : cause.mistakes) numbers += mistake->numbers;
    return has_more_observations_than(numbers, part);
  }

  bool has_more_observations_than(int numbers, std::optional<Part> only = std::nullopt) const {
    std::int64_t observations = 0;
    for (const PartScore& part : verdict_.parts) {
      const bool counts = part.differs() && (!only || part.part == *only || part.part == Part::run);
      const bool is_of_tensors = part.part == Part::gradient || part.part == Part::update;
      if (counts) observations += is_of_tensors ? 2 * part.compared : part.compared;
    }
    return numbers == 0 || observations > numbers;
  }

  /// One explanation of the whole from those of the parts, if together they account for all of it.
  void combine_parts() {
    std::vector<Cause> chosen;
    for (const PartDiagnosis& part : diagnosis_.parts) {
      if (part.part == Part::run) continue;
      const std::vector<Cause>& causes = causes_[part.part];
      if (causes.empty()) return;
      const auto is_chosen = [&](const Cause& cause) {
        return std::any_of(chosen.begin(), chosen.end(),
                           [&](const Cause& other) { return cause.is_same(other) || other.contains(cause); });
      };
      if (std::any_of(causes.begin(), causes.end(), is_chosen)) continue;
      const auto is_in_it = [&](const Cause& other) { return causes.front().contains(other); };
      chosen.erase(std::remove_if(chosen.begin(), chosen.end(), is_in_it), chosen.end());
      chosen.push_back(causes.front());
    }
    std::vector<TrainingSpec> specs = {declared_};
    for (const Cause& cause : chosen) specs = with(specs, cause);
    for (const TrainingSpec& spec : specs) {
      const bool is_whole =
          only_update_differs_ || (late_update_ ? explains_from(spec, 2 * *late_update_) : explains(spec));
      if (!is_whole) continue;
      diagnosis_.explanations.push_back(explanation_of(chosen));
      return;
    }
  }

  static std::vector<TrainingSpec> with(const std::vector<TrainingSpec>& specs, const Cause& cause) {
    std::vector<TrainingSpec> result;
    for (TrainingSpec spec : specs) {
      if (cause.convention) spec = with_convention(spec, *cause.convention);
      if (cause.update) spec = with_update(spec, cause.update->update);
      std::vector<TrainingSpec> made = {spec};
      for (const Mistake* mistake : cause.mistakes) {
        std::vector<TrainingSpec> next;
        for (const TrainingSpec& each : made) {
          for (TrainingSpec& run : mistake->runs(each)) next.push_back(std::move(run));
        }
        made = std::move(next);
      }
      result.insert(result.end(), made.begin(), made.end());
    }
    return result;
  }

  bool has_unknown_part() const {
    return diagnosis_.explanations.empty() && diagnosis_.conventions.empty() &&
           std::any_of(diagnosis_.parts.begin(), diagnosis_.parts.end(), [](const PartDiagnosis& part) {
             return !part.is_known() && part.part != Part::update && part.part != Part::run;
           });
  }

  /// Pairs with a mistake that accounts for the first divergence come first.
  void try_pairs() {
    const Deadline deadline = Clock::now() + pair_budget_;
    std::vector<std::pair<Suspect, const Mistake*>> pairs;
    for (const Suspect& suspect : close_) {
      for (const Mistake* number : numbers_with(suspect)) pairs.emplace_back(suspect, number);
      for (const Mistake& other : catalogue()) pairs.emplace_back(suspect, &other);
    }
    for (const Mistake& mistake : mistakes_) {
      for (const TrainingSpec& spec : mistake.runs(declared_)) {
        for (const Mistake& other : mistakes_) {
          if (&mistake < &other && !is_close(mistake) && has_more_observations_than(mistake.numbers + other.numbers)) {
            pairs.emplace_back(Suspect{&mistake, spec}, &other);
          }
        }
      }
    }
    std::size_t tried = 0;
    for (; tried < pairs.size() && Clock::now() < deadline; ++tried) {
      const auto& [suspect, other] = pairs[tried];
      if (suspect.mistake == other) continue;
      for (const TrainingSpec& spec : other->runs(suspect.spec)) {
        if (explains_beginning(spec) && explains(spec)) {
          add_pair(explanation({suspect.mistake, other}));
        }
      }
      ++diagnosis_.pairs_tried;
    }
    diagnosis_.pairs_left = pairs.size() - tried;
  }

  /// What has a number that is solved for with the suspect's mistake made.
  std::vector<const Mistake*> numbers_with(const Suspect& suspect) {
    Scope scope = of_hypothesis();
    scope.judged_only = true;
    std::vector<const Mistake*> numbers;
    for (Mistake& number :
         network_numbers(candidate_, suspect.spec, verify(candidate_, suspect.spec, scope, jobs_).parts)) {
      numbers.push_back(&solved_.emplace_back(std::move(number)));
    }
    return numbers;
  }

  bool is_close(const Mistake& mistake) const {
    return std::any_of(close_.begin(), close_.end(),
                       [&](const Suspect& suspect) { return suspect.mistake == &mistake; });
  }

  void add_pair(Explanation pair) {
    const auto same = [&](const Explanation& known) {
      return std::is_permutation(known.names.begin(), known.names.end(), pair.names.begin(), pair.names.end());
    };
    auto& known = diagnosis_.explanations;
    if (std::none_of(known.begin(), known.end(), same)) known.push_back(std::move(pair));
  }

  /// A mistake that is not there from the start, as a fault that a later part of a run brings in.
  void try_late_starts() {
    if (first_.mode != Mode::single_step || first_.site.is_epoch() || first_.site.index == 0) return;
    if (firsts_.count(Part::run) > 0) return;  // which cannot be repeated with a mistake that begins late
    for (const Suspect& suspect : close_) {
      if (is_named(*suspect.mistake) || !has_more_observations_than(suspect.mistake->numbers)) continue;
      if (!explains_from(suspect.spec, first_.site.time)) continue;
      Explanation late = explanation({suspect.mistake});
      late.from_update = first_.site.index;
      diagnosis_.explanations.push_back(std::move(late));
    }
  }

  bool explains_from(const TrainingSpec& spec, std::int64_t time) const {
    Scope scope = of_hypothesis();
    scope.from = time;
    Scoreboard board;
    check_rates(candidate_, spec, scope, board);
    check_updates(candidate_, spec, scope, jobs_, board);
    check_validation(candidate_, spec, scope, board);
    return board.agrees() && judges_what_failed(board.judged(), board.swallowed(), slots_of(spec), scope, false);
  }

  /// A quick look at the first divergence and what follows, which most runs do not survive.
  bool explains_beginning(const TrainingSpec& spec) const {
    Scope scope = of_hypothesis();
    scope.until = first_.site.time + 8;
    if (first_.mode == Mode::free_running) return agrees(spec, scope);
    scope.from = first_.site.time;
    Scoreboard board;
    check_rates(candidate_, spec, scope, board);
    if (board.agrees()) check_updates(candidate_, spec, scope, jobs_, board);
    if (board.agrees()) check_validation(candidate_, spec, scope, board);
    return board.agrees();
  }

  Scope of_hypothesis() const {
    Scope scope;
    scope.stop_at_first = true;
    scope.unexplained = &verdict_.failed;
    scope.stop_requested = stop_requested_;
    return scope;
  }

  bool explains(const TrainingSpec& spec) const {
    Scope scope = of_hypothesis();
    scope.judged_only = true;
    return agrees(spec, scope);
  }

  bool agrees(const TrainingSpec& spec, const Scope& scope) const {
    const Verdict verdict = verify(candidate_, spec, scope, jobs_);
    const bool judges_run = verdict.coverage.whole_until < verdict.updates;
    return verdict.agrees() && judges_what_failed(verdict.judged, verdict.swallowed, slots_of(spec), scope, judges_run);
  }

  static std::vector<Slot> slots_of(const TrainingSpec& spec) { return formula_of(spec.update).slots; }

  /// A state that never changes, as if the optimizer did not have it, and does not have under a hypothesis.
  bool is_unused_state(const std::string& series, const std::vector<Slot>& slots) const {
    const std::string prefix = "step/slot/";
    if (!boost::starts_with(series, prefix)) return false;
    const bool has_it = std::any_of(slots.begin(), slots.end(), [&](const Slot& slot) {
      return boost::starts_with(series, prefix + slot.name + "/");
    });
    const Array* array = candidate_.trace.find(series);
    return !has_it && array != nullptr &&
           std::all_of(array->values.begin(), array->values.end(), [](double value) { return value == 0.0; });
  }

  /// Whether what deviates from the declaration within `scope` was judged again, and the first of it with a tolerance
  /// that explains something: what cannot be judged under a hypothesis is not explained by it. A few may be missing
  /// (batches that the hypothesis does not have); of the run from its start, all but the first, since how far a run is
  /// determined depends on the hypothesis. A state that it does not have and that stays 0 (AMSGrad's maximum, if
  /// amsgrad is ignored) is explained.
  bool judges_what_failed(const Judged& judged, const Swallowed& swallowed, const std::vector<Slot>& slots,
                          const Scope& scope, bool judges_run) const {
    constexpr double most = 0.9;
    double all = 0.0;
    double judged_again = 0.0;
    double swallowed_of_them = 0.0;
    const Deviation* first = nullptr;
    for (const auto& [key, deviation] : verdict_.failed) {
      const Part part = part_of(deviation.site, deviation.mode);
      if ((scope.only && part != *scope.only) || !scope.contains(deviation.site)) continue;
      if (part == Part::run && (!judges_run || deviation.site.time > firsts_.at(part).site.time)) continue;
      if (is_unused_state(deviation.site.series, slots)) continue;
      if (first == nullptr || deviation.site < first->site) first = &deviation;
      const auto series = judged.find(deviation.site.series);
      all += 1.0;
      const auto tolerated = swallowed.find(key);
      swallowed_of_them += tolerated != swallowed.end() && !tolerated->second ? 1.0 : 0.0;
      judged_again += series != judged.end() && series->second.count(deviation.site.index) > 0 ? 1.0 : 0.0;
    }
    return first == nullptr || (judged_again >= most * all && swallowed_of_them <= (1.0 - most) * all &&
                                swallowed.count({first->site.series, first->mode, first->site.index}) == 0);
  }

  Explanation explanation_of(const std::vector<Cause>& causes) const {
    const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    Explanation result;
    for (const Cause& cause : causes) {
      const Explanation of_mistakes = explanation(cause.mistakes);
      append(result.names, of_mistakes.names);
      append(result.sentences, of_mistakes.sentences);
      if (cause.convention) {
        const std::string name = conventions().name(*cause.convention);
        result.names.push_back("convention_" + name);
        result.sentences.push_back("the update follows optimizer.convention: " + name);
      }
      if (!cause.update) continue;
      append(result.names, cause.update->names);
      append(result.sentences, cause.update->sentences);
      result.detail = fmt::format("{}", fmt::join(cause.update->details, ", "));
      result.from_update = late_update_;
    }
    return result;
  }

  static Explanation explanation(const std::vector<const Mistake*>& mistakes) {
    Explanation result;
    for (const Mistake* mistake : mistakes) {
      result.names.push_back(mistake->name);
      result.sentences.push_back(mistake->sentence);
    }
    return result;
  }

  const Candidate& candidate_;
  TrainingSpec declared_;
  Deviation first_;
  std::chrono::duration<double> pair_budget_;
  const Verdict& verdict_;
  std::size_t jobs_;
  const std::function<bool()>& stop_requested_;
  bool only_update_differs_ = true;       ///< of what comes before it, all agrees
  std::size_t differing_parts_ = 0;       ///< besides the run from its start
  std::map<Part, Deviation> firsts_;      ///< of each part that diverges
  std::vector<Suspect> suspects_;         ///< every mistake, with every value
  std::vector<Suspect> close_;            ///< those that account for the first divergence
  std::vector<TrainingSpec> accounting_;  ///< those that account for the whole trace
  std::map<Part, std::vector<Cause>> causes_;
  const std::vector<Mistake> rate_mistakes_ = rate_mistakes();
  std::vector<Mistake> mistakes_;            ///< the catalogue, and those whose number this trace gives
  std::deque<Mistake> solved_;               ///< whose number was solved for; what was found stays where it is
  std::optional<std::int64_t> late_update_;  ///< from which on the update is another
  Diagnosis diagnosis_;
};

}  // namespace

namespace {

const Explanation& in_float32() {
  static const Explanation explanation{{"computed_in_float32"}, {computed_in_float32}, "", {}};
  return explanation;
}

Explanation together(Explanation first, const Explanation& second) {
  first.names.insert(first.names.end(), second.names.begin(), second.names.end());
  first.sentences.insert(first.sentences.end(), second.sentences.begin(), second.sentences.end());
  first.detail = second.detail;
  first.from_update = second.from_update;
  return first;
}

/// Each of them, and what is there besides.
void add_float32(std::vector<Explanation>& explanations) {
  for (Explanation& explanation : explanations) explanation = together(in_float32(), explanation);
}

/// A trace that was computed in float32 is held to the rounding of float32; what differs even so is reported beside
/// that.
Diagnosis diagnose_in_float32(Candidate candidate, const Verdict& in_float64, std::chrono::duration<double> pair_budget,
                              std::size_t jobs, const std::function<bool()>& stop_requested) {
  candidate.computed_in = Precision::float32;
  Scope scope;
  scope.stop_requested = stop_requested;
  const Verdict verdict = verify(candidate, spec_of(candidate.config), scope, jobs);
  Diagnosis diagnosis;
  if (verdict.first) diagnosis = Diagnostician(candidate, verdict, pair_budget, jobs, stop_requested).diagnose();
  add_float32(diagnosis.explanations);
  for (const std::string& convention : diagnosis.conventions) {
    const Explanation follows{
        {"convention_" + convention}, {"the update follows optimizer.convention: " + convention}, "", {}};
    diagnosis.explanations.push_back(together(in_float32(), follows));
  }
  diagnosis.conventions.clear();
  if (verdict.agrees()) diagnosis.explanations = {in_float32()};
  for (PartDiagnosis& part : diagnosis.parts) add_float32(part.explanations);
  for (const PartScore& part : in_float64.parts) {
    const bool is_told = std::any_of(diagnosis.parts.begin(), diagnosis.parts.end(),
                                     [&](const PartDiagnosis& known) { return known.part == part.part; });
    if (part.differs() && !is_told) diagnosis.parts.push_back({part.part, {in_float32()}, {}, {}});
  }
  std::sort(diagnosis.parts.begin(), diagnosis.parts.end(),
            [](const PartDiagnosis& a, const PartDiagnosis& b) { return a.part < b.part; });
  return diagnosis;
}

}  // namespace

namespace {

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

Diagnosis diagnose(const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget,
                   std::size_t jobs, const std::function<bool()>& stop_requested) {
  Diagnosis diagnosis = is_computed_in_float32(candidate.trace)
                            ? diagnose_in_float32(candidate, verdict, pair_budget, jobs, stop_requested)
                            : Diagnostician(candidate, verdict, pair_budget, jobs, stop_requested).diagnose();
  for (const Fact& fact : observed_facts(candidate, verdict, jobs, stop_requested)) diagnosis.facts.push_back(fact);
  std::stable_sort(diagnosis.facts.begin(), diagnosis.facts.end(),
                   [](const Fact& a, const Fact& b) { return a.part < b.part; });
  return diagnosis;
}

}  // namespace touchstone
