#include "check/check_copies.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "tolerance/distance.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

void compare_copy(const Candidate& candidate, const Site& site, const std::vector<double>& got,
                  const std::vector<double>& original, const Scope& scope, Scoreboard& board) {
  if (!scope.contains(site)) return;
  board.add(worst_deviation(site, Mode::single_step, got, {original, {0.0}, 0.0, candidate.ulp()}, scope));
}

}  // namespace

void check_copies(const UpdateCheck& check, const Scope& scope, Scoreboard& board) {
  const Candidate& candidate = check.candidate;
  const std::int64_t per_epoch = check.updates_per_epoch();
  const std::int64_t last = check.spec.epochs * per_epoch - 1;
  for (const auto& [series, array] : candidate.trace.arrays) {
    if (scope.stop_at_first && !board.agrees()) return;
    if (boost::starts_with(series, "final/")) {
      const auto original = candidate.at_update("step/" + series.substr(6), last);
      if (original) compare_copy(candidate, final_site(series, last + 1), array.values, *original, scope, board);
    } else if (boost::starts_with(series, "epoch/param/")) {
      for (const std::int64_t epoch : candidate.epochs) {
        const auto original = candidate.at_update("step/" + series.substr(6), (epoch + 1) * per_epoch - 1);
        if (!original) continue;
        compare_copy(candidate, epoch_site(series, epoch, per_epoch), *candidate.at_epoch_index(series, epoch),
                     *original, scope, board);
      }
    }
  }
}

void check_final_state(const UpdateCheck& check, const CarriedState& carried, const Scope& scope, Scoreboard& board) {
  const std::int64_t updates = check.spec.epochs * check.updates_per_epoch();
  if (!carried.reaches(updates) || check.records_slots()) return;
  const Candidate& candidate = check.candidate;
  for (std::size_t s = 0; s < check.formula.slots.size(); ++s) {
    for (std::size_t i = 0; i < candidate.parameters.size(); ++i) {
      const std::string series = fmt::format("final/slot/{}/{}", check.formula.slots[s].name, candidate.parameters[i]);
      const Array* recorded = candidate.trace.find(series);
      const Site site = final_site(series, updates);
      if (recorded == nullptr || !scope.contains(site)) continue;
      const std::vector<double>& reference = carried.before(0)[s][i];
      double noise = 0.0;
      for (std::uint32_t attempt = 1; attempt <= CarriedState::attempts; ++attempt) {
        noise = std::max(noise, distance_between(carried.before(attempt)[s][i], reference));
      }
      const double floor = underflow + floor_units * candidate.ulp() * largest_finite(reference);
      board.add(worst_deviation(site, Mode::single_step, recorded->values, {reference, {noise}, floor}, scope));
    }
  }
}

}  // namespace touchstone
