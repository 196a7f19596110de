#pragma once

#include <functional>
#include <optional>

#include "diagnosis/solve.h"
#include "diagnosis/update_space/update_space.h"

namespace touchstone {

/// Whether an update accounts for every recorded update from one on.
using ExplainsUpdates = std::function<bool(const UpdateSpec&, std::int64_t from_update)>;

/// A point that accounts for every update, with its numbers as few decimals as do.
struct VerifiedPoint {
  Solved solved;
  UpdateSpec update;
};

/// Between which values, found to a power of ten, a number of the point explains the updates as well.
Interval interval_of(const UpdateSpace& space, const VerifiedPoint& point, const FreeParameter& number,
                     const ExplainsUpdates& explains);

/// The point with rounded numbers, without those that may as well be the declared ones; nothing if it does not account
/// for the updates, or if a number of it may be anything.
std::optional<VerifiedPoint> verified(const UpdateSpace& space, const Solved& solved, const ExplainsUpdates& explains);

/// A number that is far from what was declared only makes up for a rule that is another.
bool has_plausible_numbers(const Solved& solved);

}  // namespace touchstone
