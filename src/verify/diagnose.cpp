#include "verify/diagnose.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

using Clock = std::chrono::steady_clock;

/// A mistake with the value that is tried.
struct Suspect {
  const Mistake* mistake;
  Setup setup;
};

/// What accounts for a part: a mistake, or another convention; and for the update the one under the other.
struct Cause {
  std::optional<Convention> convention;
  const Mistake* mistake = nullptr;
  Setup setup;

  bool is_same(const Cause& other) const { return convention == other.convention && mistake == other.mistake; }
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
      diagnosis_.parts.push_back({part.part, {}, {}});
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
      }
    }
    if (has_unknown_part()) try_pairs();
    diagnosis_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return std::move(diagnosis_);
  }

 private:
  void find_conventions() {
    for (const auto& [convention, name] : conventions) {
      if (convention == right_.config.optimizer.convention) continue;
      const Setup setup = under(convention);
      if (explains_beginning(setup) && explains(setup)) diagnosis_.conventions.emplace_back(name);
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
        if (explains(setup)) diagnosis_.explanations.push_back(explanation({&mistake}, setup));
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
    for (const Suspect& suspect : suspects_) add_if_it_explains(diagnosis.part, {{}, suspect.mistake, suspect.setup});
    if (diagnosis.part == Part::update) {
      const bool unknown = causes.empty();
      for (const auto& [convention, name] : conventions) {
        if (convention == right_.config.optimizer.convention) continue;
        add_if_it_explains(diagnosis.part, {convention, nullptr, under(convention)});
        if (!unknown || !causes.empty()) continue;
        for (const Mistake& mistake : catalogue()) {
          for (const Setup& setup : mistake.variants(under(convention))) {
            add_if_it_explains(diagnosis.part, {convention, &mistake, setup});
          }
        }
      }
    }
    for (const Cause& cause : causes) {
      if (cause.mistake == nullptr) {
        diagnosis.conventions.emplace_back(name_of(*cause.convention));
      } else {
        diagnosis.explanations.push_back(explanation_of({cause}, cause.setup));
        not_ruled_out(diagnosis.explanations.back());
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
      if (cause.mistake == nullptr) {
        result.push_back(setup);
        continue;
      }
      for (Setup& each : cause.mistake->variants(setup)) result.push_back(std::move(each));
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
    const auto deadline = Clock::now() + pair_budget_;
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
      if (cause.mistake != nullptr) mistakes.push_back(cause.mistake);
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
  std::map<Part, std::vector<Cause>> causes_;
  Diagnosis diagnosis_;
};

}  // namespace

Diagnosis diagnose(const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget,
                   std::size_t jobs, const std::function<bool()>& stop_requested) {
  return Diagnostician(candidate, verdict, pair_budget, jobs, stop_requested).diagnose();
}

}  // namespace touchstone
