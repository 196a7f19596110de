#include "diagnosis/combine.h"

#include <algorithm>
#include <utility>

namespace touchstone {
namespace {

/// So many combinations are looked at, at most.
constexpr std::size_t max_combinations = 256;

/// Every hypothesis of `some` together with each of `others`, without those that name the same edits.
std::vector<Hypothesis> together(const TrainingSpec& declared, const std::vector<Hypothesis>& some,
                                 const std::vector<Hypothesis>& others) {
  std::vector<Hypothesis> all;
  for (const Hypothesis& one : some) {
    for (const Hypothesis& other : others) {
      auto both = merged(declared, one, other);
      if (!both || all.size() == max_combinations) continue;
      const bool is_known =
          std::any_of(all.begin(), all.end(), [&](const Hypothesis& known) { return have_same_edits(known, *both); });
      if (!is_known) all.push_back(std::move(*both));
    }
  }
  return all;
}

/// Other rules than the declared one, where there are any: which convention has such a rule is another matter.
std::vector<Hypothesis> rules_first(const std::vector<Hypothesis>& hypotheses) {
  std::vector<Hypothesis> rules;
  std::copy_if(hypotheses.begin(), hypotheses.end(), std::back_inserter(rules),
               [](const Hypothesis& hypothesis) { return !hypothesis.is_convention(); });
  return rules.empty() ? hypotheses : rules;
}

/// Whether each part that differs was explained by the very same edits: then nothing is left to check but the run.
bool explains_each(const Hypothesis& hypothesis, const Explained& parts, const Judgement& judgement) {
  return std::all_of(judgement.differing().begin(), judgement.differing().end(), [&](const auto& each) {
    const auto found = parts.find(each.first);
    return found != parts.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const Hypothesis& other) {
             return have_same_edits(other, hypothesis) && other.from_update == hypothesis.from_update;
           });
  });
}

}  // namespace

std::vector<Hypothesis> combined(const Explained& parts, const Judgement& judgement) {
  const std::size_t besides_run = judgement.differing().size() - (judgement.differs(Part::run) ? 1 : 0);
  std::vector<Hypothesis> all;
  bool is_first = true;
  for (const auto& [part, first] : judgement.differing()) {
    if (part == Part::run && besides_run > 0) continue;  // what went wrong in the run has a part
    const auto found = parts.find(part);
    if (found == parts.end() || found->second.empty()) return {};
    const std::vector<Hypothesis> of_part = besides_run > 1 ? rules_first(found->second) : found->second;
    all = is_first ? of_part : together(judgement.declared(), all, of_part);
    is_first = false;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Hypothesis& a, const Hypothesis& b) { return a.edits.size() < b.edits.size(); });
  std::vector<Hypothesis> whole;
  for (Hypothesis& each : all) {
    if (!whole.empty() && each.edits.size() > whole.front().edits.size()) break;
    if (explains_each(each, parts, judgement) || judgement.explains_whole(each)) whole.push_back(std::move(each));
  }
  return whole;
}

}  // namespace touchstone
