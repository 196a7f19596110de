#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "diagnosis/judgement.h"
#include "diagnosis/update_space/update_search.h"

namespace touchstone {

/// What was tried in search of an explanation, and with what else it ended.
struct Tried {
  std::set<std::string> names;  ///< of known deviations
  std::size_t points = 0;       ///< of the space of updates, each with its numbers solved for
  std::size_t pairs = 0;
  std::size_t pairs_left = 0;  ///< for want of time
  /// Of an unknown update: the one difference that comes nearest, and what the declared one leaves over.
  std::optional<UpdateFinding> closest;
  std::optional<std::string> residual_correlate;
};

/// The hypotheses that explain each part.
using Explained = std::map<Part, std::vector<Hypothesis>>;

/// Those that explain `part`, of the first tier that has any: what explains an earlier part (`so_far`), one edit, an
/// edit that begins late, two edits, three. Pairs of deviations of the network are tried for `budget`, which is less
/// afterwards. Throws Interrupted.
std::vector<Hypothesis> explanations_of(Part part, const Judgement& judgement, const Explained& so_far,
                                        std::chrono::duration<double>& budget, Tried& tried);

}  // namespace touchstone
