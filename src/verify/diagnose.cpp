#include "verify/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "optim/formula.h"
#include "verify/rules/mistake.h"
#include "verify/rules/update_fit.h"

namespace touchstone {
namespace {

using Clock = std::chrono::steady_clock;
using Deadline = std::chrono::time_point<Clock, std::chrono::duration<double>>;

/// A mistake with the value that is tried.
struct Suspect {
  const Mistake* mistake;
  Setup setup;
};

/// What accounts for a part: mistakes, another convention, or mistakes under another convention.
struct Cause {
  std::optional<Convention> convention;
  std::vector<const Mistake*> mistakes;
  Setup setup;

  bool is_same(const Cause& other) const { return convention == other.convention && mistakes == other.mistakes; }
};

constexpr std::pair<Convention, const char*> conventions[] = {  // NOLINT(modernize-avoid-c-arrays)
    {Convention::keras, "keras"},
    {Convention::torch, "torch"},
    {Convention::paper, "paper"}};

const char* name_of(Convention convention) {
  for (const auto& [each, name] : conventions) {
    if (each == convention) return name;
  }
  return "";
}

std::string detail_of(const Setup& setup, const Setup& right) {
  std::string detail;
  for (const auto& [name, value] : setup.config.optimizer.arguments) {
    const auto& declared = right.config.optimizer.arguments.at(name);
    if (value == declared || !std::holds_alternative<double>(value)) continue;
    detail += fmt::format("{}{} {:g} for {:g}", detail.empty() ? "" : ", ", name, std::get<double>(value),
                          std::get<double>(declared));
  }
  return detail;
}

class Diagnostician {
 public:
  Diagnostician(const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget,
                std::size_t jobs, const std::function<bool()>& stop_requested)
      : candidate_(candidate),
        right_{candidate.config, {}},
        first_(*verdict.first),
        pair_budget_(pair_budget),
        jobs_(jobs),
        stop_requested_(stop_requested) {
    for (const PartScore& part : verdict.parts) {
      if (!part.differs()) continue;
      diagnosis_.parts.push_back({part.part, {}, {}, {}});
      firsts_[part.part] = *part.first;
    }
  }

  Diagnosis diagnose() {
    const auto begin = Clock::now();
    find_conventions();
    try_each();
    if (diagnosis_.explanations.empty()) try_late_starts();
    if (diagnosis_.explanations.empty() && diagnosis_.conventions.empty()) {
      for (PartDiagnosis& part : diagnosis_.parts) diagnose_part(part);
      combine_parts();
    } else {
      for (PartDiagnosis& part : diagnosis_.parts) {
        part.explanations = diagnosis_.explanations;
        part.conventions = diagnosis_.conventions;
        if (part.part != Part::update) continue;
        for (const Setup& setup : accounting_) add_formula(part, setup);
      }
    }
    if (has_unknown_part()) try_pairs();
    diagnosis_.declared_formula = formula_of(right_);
    diagnosis_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return std::move(diagnosis_);
  }

 private:
  void find_conventions() {
    for (const auto& [convention, name] : conventions) {
      if (convention == right_.config.optimizer.convention) continue;
      const Setup setup = under(convention);
      if (!explains_beginning(setup) || !explains(setup)) continue;
      diagnosis_.conventions.emplace_back(name);
      accounting_.push_back(setup);
    }
  }

  Setup under(Convention convention) const {
    Setup setup = right_;
    setup.config.optimizer.convention = convention;
    return setup;
  }

  void try_each() {
    for (const Mistake& mistake : catalogue()) {
      const std::vector<Setup> variants = mistake.variants(right_);
      for (const Setup& setup : variants) {
        suspects_.push_back({&mistake, setup});
        if (!explains_beginning(setup)) continue;
        close_.push_back({&mistake, setup});
        if (!explains(setup)) continue;
        diagnosis_.explanations.push_back(explanation({&mistake}, setup));
        accounting_.push_back(setup);
      }
      if (!variants.empty()) diagnosis_.ruled_out.push_back(mistake.name);
    }
    for (const Explanation& explanation : diagnosis_.explanations) not_ruled_out(explanation);
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
    for (const Suspect& suspect : suspects_) add_if_it_explains(diagnosis.part, {{}, {suspect.mistake}, suspect.setup});
    if (diagnosis.part == Part::update) diagnose_update(causes);
    if (diagnosis.part == Part::rate && causes.empty()) try_several_in_rate();
    for (const Cause& cause : causes) {
      if (diagnosis.part == Part::update) add_formula(diagnosis, cause.setup);
      if (cause.mistakes.empty()) {
        diagnosis.conventions.emplace_back(name_of(*cause.convention));
      } else {
        diagnosis.explanations.push_back(explanation_of({cause}, cause.setup));
        not_ruled_out(diagnosis.explanations.back());
      }
    }
  }

  static std::string formula_of(const Setup& setup) {
    const Formula formula = setup.recipe.make_formula(setup.config.optimizer, Precision::float64);
    return formula.text ? fmt::format("{}", fmt::join(formula.text(), "; ")) : "";
  }

  static void add_formula(PartDiagnosis& diagnosis, const Setup& setup) {
    const std::string formula = formula_of(setup);
    auto& all = diagnosis.formulas;
    if (!formula.empty() && std::find(all.begin(), all.end(), formula) == all.end()) all.push_back(formula);
  }

  /// Another convention; if neither that nor a mistake does, mistakes under another convention; and then numbers that
  /// are solved for, in each rule that is known.
  void diagnose_update(const std::vector<Cause>& causes) {
    std::vector<Cause> rules = {{{}, {}, right_}};
    const bool unknown = causes.empty();
    for (const auto& [convention, name] : conventions) {
      if (convention == right_.config.optimizer.convention) continue;
      rules.push_back({convention, {}, under(convention)});
      add_if_it_explains(Part::update, rules.back());
    }
    if (!unknown || !causes.empty()) return;
    const std::size_t plain = rules.size();
    for (std::size_t i = 0; i < plain; ++i) {
      for (const Mistake& mistake : catalogue()) {
        for (const Setup& setup : mistake.variants(rules[i].setup)) {
          const Cause cause{rules[i].convention, {&mistake}, setup};
          if (i > 0) add_if_it_explains(Part::update, cause);
          if (is_of_rule(mistake)) rules.push_back(cause);
        }
      }
    }
    const Deadline deadline = Clock::now() + pair_budget_;
    if (causes.empty()) solve_numbers(rules, 1, deadline);
    if (causes.empty()) solve_numbers(rules, 2, deadline);
  }

  bool is_of_rule(const Mistake& mistake) const {
    const std::vector<Mistake> of_rules = optimizer_mistakes();
    return std::any_of(of_rules.begin(), of_rules.end(),
                       [&](const Mistake& each) { return each.name == mistake.name; });
  }

  /// `count` numbers at a time that, in one of the rules, account for every recorded update.
  void solve_numbers(const std::vector<Cause>& rules, std::size_t count, const Deadline& deadline) {
    const UpdateFit fit(candidate_);
    if (fit.empty()) return;
    for (const Cause& rule : rules) {
      const std::vector<UpdateNumber> numbers = update_numbers(rule.setup);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        for (std::size_t j = count == 1 ? i : i + 1; j < (count == 1 ? i + 1 : numbers.size()); ++j) {
          if (stop_requested_()) throw Interrupted();
          if (Clock::now() > deadline) return;
          std::vector<UpdateNumber> chosen = {numbers[i]};
          if (j != i) chosen.push_back(numbers[j]);
          const auto values = fit.solve(rule.setup, chosen);
          if (values) add_solved(rule, chosen, *values);
        }
      }
      if (!causes_[Part::update].empty()) return;
    }
  }

  /// The values as few decimals as do, since it is such that people write.
  void add_solved(const Cause& rule, const std::vector<UpdateNumber>& numbers, const std::vector<double>& values) {
    for (const int digits : {1, 2, 3, 9}) {
      Cause cause = rule;
      std::vector<double> rounded_values;
      bool is_another = false;
      for (std::size_t n = 0; n < numbers.size(); ++n) {
        rounded_values.push_back(to_digits(values[n], numbers[n].below_one, digits));
        is_another |= rounded_values.back() != numbers[n].declared;
        cause.setup = numbers[n].with(cause.setup, numbers[n].symbol, rounded_values.back());
      }
      if (!is_another || !explains_part(Part::update, cause.setup)) continue;
      for (std::size_t n = 0; n < numbers.size(); ++n) {
        const UpdateNumber& number = numbers[n];
        if (rounded_values[n] == number.declared) continue;
        solved_.push_back(
            {number.name,
             fmt::format("{} ({} {:g} for {:g})", number.sentence, number.symbol, rounded_values[n], number.declared),
             [number, value = rounded_values[n]](const Setup& right) -> std::vector<Setup> {
               return {number.with(right, number.symbol, value)};
             }});
        cause.mistakes.push_back(&solved_.back());
      }
      causes_[Part::update].push_back(cause);
      return;
    }
  }

  /// Of a number below one that is nearly one, it is what it lacks that is written.
  static double to_digits(double value, bool below_one, int digits) {
    const bool by_lack = below_one && value > 0.5;
    const double whole = std::stod(fmt::format("{:.{}e}", by_lack ? 1.0 - value : value, digits - 1));
    return by_lack ? std::stod(fmt::format("{:.12g}", 1.0 - whole)) : whole;
  }

  /// Schedules are quick to walk: two and three mistakes at once.
  void try_several_in_rate() {
    const std::vector<Mistake>& all = rate_mistakes_;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const Setup& one : all[i].variants(right_)) {
        for (std::size_t j = i + 1; j < all.size(); ++j) {
          for (const Setup& two : all[j].variants(one)) {
            add_if_it_explains(Part::rate, {{}, {&all[i], &all[j]}, two});
          }
        }
      }
    }
    if (!causes_[Part::rate].empty()) return;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const Setup& one : all[i].variants(right_)) {
        for (std::size_t j = i + 1; j < all.size(); ++j) {
          for (const Setup& two : all[j].variants(one)) {
            for (std::size_t k = j + 1; k < all.size(); ++k) {
              for (const Setup& three : all[k].variants(two)) {
                add_if_it_explains(Part::rate, {{}, {&all[i], &all[j], &all[k]}, three});
              }
            }
          }
        }
      }
    }
  }

  void add_if_it_explains(Part part, const Cause& cause) {
    if (explains_part(part, cause.setup)) causes_[part].push_back(cause);
  }

  bool explains_part(Part part, const Setup& setup) const {
    Scope scope = first_only();
    scope.only = part;
    Scope beginning = scope;
    beginning.from = firsts_.at(part).site.moment;
    beginning.until = beginning.from + 8;
    return !verify(candidate_, setup, beginning, jobs_).first && verify(candidate_, setup, scope, jobs_).agrees();
  }

  /// One explanation of the whole from those of the parts, if together they account for all of it.
  void combine_parts() {
    std::vector<Cause> chosen;
    for (const PartDiagnosis& part : diagnosis_.parts) {
      if (part.part == Part::run) continue;
      const std::vector<Cause>& causes = causes_[part.part];
      if (causes.empty()) return;
      const auto is_chosen = [&](const Cause& cause) {
        return std::any_of(chosen.begin(), chosen.end(), [&](const Cause& other) { return cause.is_same(other); });
      };
      if (std::none_of(causes.begin(), causes.end(), is_chosen)) chosen.push_back(causes.front());
    }
    std::vector<Setup> setups = {right_};
    for (const Cause& cause : chosen) setups = with(setups, cause);
    for (const Setup& setup : setups) {
      if (!explains(setup)) continue;
      diagnosis_.explanations.push_back(explanation_of(chosen, setup));
      return;
    }
  }

  static std::vector<Setup> with(const std::vector<Setup>& setups, const Cause& cause) {
    std::vector<Setup> result;
    for (Setup setup : setups) {
      if (cause.convention) setup.config.optimizer.convention = *cause.convention;
      std::vector<Setup> made = {setup};
      for (const Mistake* mistake : cause.mistakes) {
        std::vector<Setup> next;
        for (const Setup& each : made) {
          for (Setup& variant : mistake->variants(each)) next.push_back(std::move(variant));
        }
        made = std::move(next);
      }
      result.insert(result.end(), made.begin(), made.end());
    }
    return result;
  }

  bool has_unknown_part() const {
    return diagnosis_.explanations.empty() && diagnosis_.conventions.empty() &&
           std::any_of(diagnosis_.parts.begin(), diagnosis_.parts.end(),
                       [](const PartDiagnosis& part) { return !part.is_known(); });
  }

  /// Pairs with a mistake that accounts for the first divergence come first.
  void try_pairs() {
    const Deadline deadline = Clock::now() + pair_budget_;
    std::vector<std::pair<Suspect, const Mistake*>> pairs;
    for (const Suspect& suspect : close_) {
      for (const Mistake& other : catalogue()) pairs.emplace_back(suspect, &other);
    }
    for (const Mistake& mistake : catalogue()) {
      for (const Setup& setup : mistake.variants(right_)) {
        for (const Mistake& other : catalogue()) {
          if (&mistake < &other && !is_close(mistake)) pairs.emplace_back(Suspect{&mistake, setup}, &other);
        }
      }
    }
    std::size_t tried = 0;
    for (; tried < pairs.size() && Clock::now() < deadline; ++tried) {
      const auto& [suspect, other] = pairs[tried];
      if (suspect.mistake == other) continue;
      for (const Setup& setup : other->variants(suspect.setup)) {
        if (explains_beginning(setup) && explains(setup)) {
          add_pair(explanation({suspect.mistake, other}, setup));
        }
      }
      ++diagnosis_.pairs_tried;
    }
    diagnosis_.pairs_left = pairs.size() - tried;
  }

  bool is_close(const Mistake& mistake) const {
    return std::any_of(close_.begin(), close_.end(),
                       [&](const Suspect& suspect) { return suspect.mistake == &mistake; });
  }

  void add_pair(Explanation pair) {
    const auto same = [&](const Explanation& known) {
      return std::is_permutation(known.names.begin(), known.names.end(), pair.names.begin());
    };
    auto& known = diagnosis_.explanations;
    if (std::none_of(known.begin(), known.end(), same)) known.push_back(std::move(pair));
  }

  /// A mistake that is not there from the start, as a fault that a later part of a run brings in.
  void try_late_starts() {
    if (first_.mode != Mode::single_step || first_.site.is_epoch()) return;
    for (const Suspect& suspect : close_) {
      Scope scope = first_only();
      scope.from = first_.site.moment;
      Scoreboard board;
      check_rates(candidate_, suspect.setup, scope, board);
      check_updates(candidate_, suspect.setup, scope, jobs_, board);
      if (!board.agrees()) continue;
      Explanation late = explanation({suspect.mistake}, suspect.setup);
      late.from_update = first_.site.index;
      diagnosis_.explanations.push_back(std::move(late));
    }
  }

  /// A quick look at the first divergence and what follows, which most variants do not survive.
  bool explains_beginning(const Setup& setup) const {
    Scope scope = first_only();
    scope.until = first_.site.moment + 8;
    if (first_.mode == Mode::free_running) return agrees(setup, scope);
    scope.from = first_.site.moment;
    Scoreboard board;
    check_rates(candidate_, setup, scope, board);
    if (board.agrees()) check_updates(candidate_, setup, scope, jobs_, board);
    if (board.agrees()) check_validation(candidate_, setup, scope, board);
    return board.agrees();
  }

  Scope first_only() const {
    Scope scope;
    scope.stop_at_first = true;
    scope.stop_requested = stop_requested_;
    return scope;
  }

  bool explains(const Setup& setup) const {
    Scope scope = first_only();
    scope.judged_only = true;
    return agrees(setup, scope);
  }

  bool agrees(const Setup& setup, const Scope& scope) const { return verify(candidate_, setup, scope, jobs_).agrees(); }

  Explanation explanation_of(const std::vector<Cause>& causes, const Setup& setup) const {
    std::vector<const Mistake*> mistakes;
    Explanation conventions_too;
    for (const Cause& cause : causes) {
      mistakes.insert(mistakes.end(), cause.mistakes.begin(), cause.mistakes.end());
      if (!cause.convention) continue;
      const std::string name = name_of(*cause.convention);
      conventions_too.names.push_back("convention_" + name);
      conventions_too.sentences.push_back("the update follows optimizer.convention: " + name);
    }
    Explanation result = explanation(mistakes, setup);
    const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    append(result.names, conventions_too.names);
    append(result.sentences, conventions_too.sentences);
    return result;
  }

  Explanation explanation(const std::vector<const Mistake*>& mistakes, const Setup& setup) const {
    Explanation result;
    for (const Mistake* mistake : mistakes) {
      result.names.push_back(mistake->name);
      result.sentences.push_back(mistake->sentence);
    }
    result.detail = detail_of(setup, right_);
    return result;
  }

  const Candidate& candidate_;
  Setup right_;
  Deviation first_;
  std::chrono::duration<double> pair_budget_;
  std::size_t jobs_;
  const std::function<bool()>& stop_requested_;
  std::map<Part, Deviation> firsts_;  ///< of each part that diverges
  std::vector<Suspect> suspects_;     ///< every mistake, with every value
  std::vector<Suspect> close_;        ///< those that account for the first divergence
  std::vector<Setup> accounting_;     ///< those that account for the whole trace
  std::map<Part, std::vector<Cause>> causes_;
  std::vector<Mistake> rate_mistakes_ = rate_mistakes();
  std::deque<Mistake> solved_;  ///< numbers that were solved for
  Diagnosis diagnosis_;
};

}  // namespace

Diagnosis diagnose(const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget,
                   std::size_t jobs, const std::function<bool()>& stop_requested) {
  return Diagnostician(candidate, verdict, pair_budget, jobs, stop_requested).diagnose();
}

}  // namespace touchstone
