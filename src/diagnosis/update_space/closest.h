#pragma once

#include <optional>

#include "diagnosis/update_space/update_search.h"

namespace touchstone {

/// Of many points some come near by chance: those with one deviation at most.
struct ClosestPoints {
  std::optional<Solved> of_all;
  std::optional<Solved> of_state;
};
void remember_closest(std::optional<Solved>& closest, const Solved& solved);

/// The point with one difference that comes nearest: one whose rest is proportional to something, unless that of the
/// declared update is; or else `closest`, if it is much nearer than the declared update.
std::optional<UpdateFinding> closest_finding(const UpdateSpace& space, const std::optional<Solved>& closest,
                                             bool has_residual_correlate);

}  // namespace touchstone
