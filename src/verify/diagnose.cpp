#include "verify/diagnose.h"

#include <fmt/core.h>

#include <algorithm>
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
        stop_requested_(stop_requested) {}

  Diagnosis diagnose() {
    const auto begin = Clock::now();
    find_conventions();
    try_each();
    if (diagnosis_.explanations.empty()) try_late_starts();
    if (diagnosis_.explanations.empty()) try_pairs();
    diagnosis_.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return std::move(diagnosis_);
  }

 private:
  void find_conventions() {
    for (const auto& [convention, name] : {std::pair{Convention::keras, "keras"}, std::pair{Convention::torch, "torch"},
                                           std::pair{Convention::paper, "paper"}}) {
      if (convention == right_.config.optimizer.convention) continue;
      Setup setup = right_;
      setup.config.optimizer.convention = convention;
      if (explains_beginning(setup) && explains(setup)) diagnosis_.conventions.emplace_back(name);
    }
  }

  void try_each() {
    for (const Mistake& mistake : catalogue()) {
      const std::vector<Setup> variants = mistake.variants(right_);
      for (const Setup& setup : variants) {
        if (!explains_beginning(setup)) continue;
        close_.push_back({&mistake, setup});
        if (explains(setup)) diagnosis_.explanations.push_back(explanation({&mistake}, setup));
      }
      if (!variants.empty()) diagnosis_.ruled_out.push_back(mistake.name);
    }
    for (const Explanation& explanation : diagnosis_.explanations) {
      auto& names = diagnosis_.ruled_out;
      names.erase(std::remove(names.begin(), names.end(), explanation.names[0]), names.end());
    }
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
      check_updates(candidate_, suspect.setup, scope, board);
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
    if (board.agrees()) check_updates(candidate_, setup, scope, board);
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
  std::vector<Suspect> close_;
  Diagnosis diagnosis_;
};

}  // namespace

Diagnosis diagnose(const Candidate& candidate, const Verdict& verdict, std::chrono::duration<double> pair_budget,
                   std::size_t jobs, const std::function<bool()>& stop_requested) {
  return Diagnostician(candidate, verdict, pair_budget, jobs, stop_requested).diagnose();
}

}  // namespace touchstone
