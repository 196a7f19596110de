#include "diagnosis/search.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "diagnosis/sources/sources.h"

namespace touchstone {
namespace {

using Tier = std::function<Hypotheses()>;
using Clock = std::chrono::steady_clock;

/// A search for what explains one part.
struct Search {
  Part part;
  const Judgement& judgement;
  const Explained& so_far;
  std::chrono::duration<double>& budget;
  Tried& tried;

  Hypothesis declared() const { return {judgement.declared()}; }
};

/// What was found with another number, or form, is the same.
bool is_among(const std::vector<Hypothesis>& found, const Hypothesis& hypothesis) {
  return std::any_of(found.begin(), found.end(),
                     [&](const Hypothesis& other) { return have_same_edits(other, hypothesis); });
}

std::vector<Hypothesis> those_that_explain(const Hypotheses& list, const Search& search) {
  std::vector<Hypothesis> found;
  while (auto hypothesis = list()) {
    for (const Edit& edit : hypothesis->edits) search.tried.names.insert(edit.name);
    if (is_among(found, *hypothesis) || !search.judgement.explains(*hypothesis, search.part)) continue;
    found.push_back(std::move(*hypothesis));
  }
  return found;
}

/// What explains an earlier part contradicts nothing.
std::vector<Hypothesis> earlier_that_account(const Search& search) {
  std::vector<Hypothesis> found;
  for (const auto& [part, hypotheses] : search.so_far) {
    if (!(part < search.part)) continue;
    for (const Hypothesis& hypothesis : hypotheses) {
      if (!is_among(found, hypothesis) && search.judgement.accounts_for(hypothesis, search.part)) {
        found.push_back(hypothesis);
      }
    }
  }
  return found;
}

Hypotheses with_one_edit(const Search& search, const Hypothesis& base) {
  return joined({with_known_deviation(base, training_deviations()),
                 with_network_number(search.judgement.candidate(), base, search.judgement.parts_under(base))});
}

/// What a later part of a run brings in, from the first update on that differs.
Hypotheses begun_late(const Search& search) {
  const Deviation& first = search.judgement.differing().at(search.part);
  if (first.mode != Mode::single_step || first.site.is_epoch() || first.site.index == 0) return listed({});
  Hypothesis late = search.declared();
  late.from_update = first.site.index;
  return with_one_edit(search, late);
}

std::vector<Hypothesis> all_of(const Hypotheses& list) {
  std::vector<Hypothesis> all;
  while (auto hypothesis = list()) all.push_back(std::move(*hypothesis));
  return all;
}

/// On top of what accounts for the losses.
Hypotheses on_top_of_forward(const Search& search) {
  const auto forward = search.so_far.find(Part::forward);
  if (forward == search.so_far.end()) return listed({});
  return lazily(forward->second.size(),
                [search, all = forward->second](std::size_t i) { return all_of(with_one_edit(search, all[i])); });
}

/// Those with an edit that accounts for the first deviation come first.
Hypotheses pairs(const Search& search) {
  std::vector<Hypothesis> singles = all_of(with_one_edit(search, search.declared()));
  const auto others = std::stable_partition(singles.begin(), singles.end(), [&](const Hypothesis& single) {
    return search.judgement.accounts_for_first(single, search.part);
  });
  const auto close = static_cast<std::size_t>(others - singles.begin());
  return lazily(singles.size(), [search, singles, close](std::size_t i) {
    const Hypothesis& base = singles[i];
    // What has a number needs its own solution with the other edit made; the rest is in the order of the list.
    if (i < close) return all_of(with_one_edit(search, base));
    std::vector<Hypothesis> more = all_of(with_known_deviation(base, training_deviations()));
    more.erase(std::remove_if(more.begin(), more.end(),
                              [](const Hypothesis& pair) { return pair.edits[0].name >= pair.edits[1].name; }),
               more.end());
    return more;
  });
}

/// Tries pairs until the budget is spent, and counts the rest.
std::vector<Hypothesis> pairs_that_explain(const Search& search) {
  std::vector<Hypothesis> found;
  const auto begin = Clock::now();
  for (const Hypotheses list = pairs(search); const auto pair = list();) {
    if (Clock::now() - begin >= search.budget) {
      ++search.tried.pairs_left;
      continue;
    }
    ++search.tried.pairs;
    if (!is_among(found, *pair) && search.judgement.explains(*pair, search.part)) found.push_back(*pair);
  }
  search.budget -= std::min<std::chrono::duration<double>>(search.budget, Clock::now() - begin);
  return found;
}

Hypotheses with_rate_numbers(const Search& search, const Hypotheses& bases) {
  return lazily(1, [search, bases](std::size_t) {
    std::vector<Hypothesis> all;
    for (const Hypothesis& base : all_of(bases)) {
      const std::vector<Hypothesis> more = all_of(with_rate_number(search.judgement, base));
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  });
}

/// Schedules are quick to walk: up to three deviations at once, of which one may be a number.
std::vector<Tier> rate_tiers(const Search& search) {
  const auto known = [search](std::size_t count) {
    return with_known_deviations(search.declared(), rate_deviations(), count);
  };
  return {[=] { return known(1); },
          [=] { return begun_late(search); },
          [=] { return with_rate_number(search.judgement, search.declared()); },
          [=] {
            return joined({known(2), with_rate_numbers(search, known(1))});
          },
          [=] {
            return joined({known(3), with_rate_numbers(search, known(2))});
          },
          [=] { return with_rate_threshold(search.judgement, search.declared()); }};
}

std::vector<Tier> network_tiers(const Search& search) {
  return {[=] { return with_one_edit(search, search.declared()); }, [=] { return begun_late(search); },
          [=] { return on_top_of_forward(search); }};
}

/// Another point of the space of updates, from the start or from the first update that differs; another convention.
std::vector<Hypothesis> other_updates(const Search& search) {
  const Judgement& judgement = search.judgement;
  const Deviation& first = judgement.differing().at(Part::update);
  const auto with_update = [&](const UpdateSpec& update, std::int64_t from_update) {
    Hypothesis hypothesis = search.declared();
    hypothesis.spec.update = update;
    if (from_update > 0) hypothesis.from_update = from_update;
    return hypothesis;
  };
  UpdateSearch space;
  if (first.mode == Mode::single_step && first.site.index > 0) space.from_updates.push_back(first.site.index);
  space.jobs = judgement.jobs();
  space.stop_requested = judgement.stop_requested();
  space.explains = [&](const UpdateSpec& update, std::int64_t from_update) {
    return judgement.accounts_for(with_update(update, from_update), Part::update);
  };
  const UpdateFindings found = search_updates(judgement.candidate(), space);
  search.tried.points += found.points_tried;
  search.tried.closest = found.closest;
  search.tried.residual_correlate = found.residual_correlate;
  std::vector<Hypothesis> hypotheses;
  for (const UpdateFinding& finding : found.findings) {
    hypotheses.push_back(with_update(finding.update, found.from_update));
    hypotheses.back().edits = finding.edits;
  }
  return hypotheses;
}

std::vector<Tier> update_tiers(const Search& search) {
  std::vector<Tier> tiers;
  if (!search.judgement.only_update_differs()) tiers = network_tiers(search);
  tiers.emplace_back([=] { return joined({listed(other_updates(search)), with_convention(search.declared())}); });
  tiers.emplace_back([=] { return with_update_read_off(search.judgement); });
  return tiers;
}

std::vector<Tier> tiers_of(const Search& search) {
  switch (search.part) {
    case Part::rate: return rate_tiers(search);
    case Part::update: return update_tiers(search);
    case Part::run:
      return {[=] { return joined({with_one_edit(search, search.declared()), with_convention(search.declared())}); }};
    default: return network_tiers(search);
  }
}

}  // namespace

std::vector<Hypothesis> explanations_of(Part part, const Judgement& judgement, const Explained& so_far,
                                        std::chrono::duration<double>& budget, Tried& tried) {
  const Search search{part, judgement, so_far, budget, tried};
  std::vector<Hypothesis> earlier = earlier_that_account(search);
  if (!earlier.empty()) return earlier;
  for (const Tier& tier : tiers_of(search)) {
    std::vector<Hypothesis> found = those_that_explain(tier(), search);
    if (!found.empty()) return found;
  }
  if (part == Part::rate || part == Part::update || part == Part::run) return {};
  return pairs_that_explain(search);
}

}  // namespace touchstone
