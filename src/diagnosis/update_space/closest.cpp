#include "diagnosis/update_space/closest.h"

namespace touchstone {

void remember_closest(std::optional<Solved>& closest, const Solved& solved) {
  if (solved.point.deviations.size() > 1) return;
  if (!closest || solved.fitted.mean_square < closest->fitted.mean_square) closest = solved;
}

std::optional<UpdateFinding> closest_finding(const UpdateSpace& space, const std::optional<Solved>& closest,
                                             bool has_residual_correlate) {
  const auto declared = space.fit.solve(space.declared, {}, UpdateFit::Of::all);
  if (!declared) return std::nullopt;
  for (const Point& point : extended({{space.declared, space.declared}}, space.of_step)) {
    if (has_residual_correlate || !numbers_of_deviations(point).empty()) continue;
    if (!space.fit.residual_correlate(point.update)) continue;
    return UpdateFinding{point.update, edits_of(space, {point, {}, {}}, point.update)};
  }
  constexpr double much_closer = 1e-2;
  if (!closest || !(closest->fitted.mean_square < much_closer * declared->mean_square)) return std::nullopt;
  Solved changed = *closest;
  changed.numbers = changed_numbers_of(space, changed);
  if (differences(changed) != 1 || !has_plausible_numbers(changed)) return std::nullopt;
  return UpdateFinding{changed.fitted.update, edits_of(space, changed, changed.fitted.update)};
}

}  // namespace touchstone
