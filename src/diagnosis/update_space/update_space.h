#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/hypothesis.h"
#include "diagnosis/known_deviations.h"
#include "diagnosis/update_space/update_fit.h"

namespace touchstone {

/// Some deviations of the update, together.
struct Point {
  UpdateSpec chosen;  ///< with the deviations
  UpdateSpec update;  ///< and the numbers that the state gave
  std::vector<const KnownDeviation*> deviations = {};
  std::size_t next = 0;  ///< of the list of deviations, to go on from

  bool has(const std::string& axis) const;
};

/// A point whose numbers are solved for.
struct Solved {
  Point point;
  std::vector<FreeParameter> numbers;
  UpdateFit::Fitted fitted;
};

/// How many differences from the declared update it has: deviations, and numbers that belong to none of them.
std::size_t differences(const Solved& solved);
std::vector<std::string> names_of(const Solved& solved);

/// The updates that an engine may compute instead of the declared one: every combination of known deviations, with
/// every number free. Holds the recorded updates against which they are held.
struct UpdateSpace {
  UpdateSpace(const Candidate& candidate, std::int64_t from_update);
  UpdateSpace(const UpdateSpace&) = delete;
  UpdateSpace& operator=(const UpdateSpace&) = delete;

  UpdateSpec declared;
  std::int64_t from_update;  ///< from which on updates are looked at
  UpdateFit coarse;          ///< for a first look at many points
  UpdateFit fit;
  std::vector<KnownDeviation> known;
  std::vector<FreeParameter> numbers;           ///< of any update: those that belong to no deviation
  std::vector<const KnownDeviation*> of_state;  ///< that change what is recorded of the state
  std::vector<const KnownDeviation*> of_step;   ///< that change the step alone
};

/// Each with one deviation more, of an axis that it has none of, in order.
std::vector<Point> extended(const std::vector<Point>& points, const std::vector<const KnownDeviation*>& deviations);

/// The numbers that deviations brought.
std::vector<FreeParameter> numbers_of_deviations(const Point& point);

/// The numbers of a point that the state, if it is recorded, or else the step can give.
std::vector<FreeParameter> numbers_of(const UpdateSpace& space, const Point& point, UpdateFit::Of of);

/// Those that are others than declared, which the state may have given before.
std::vector<FreeParameter> changed_numbers_of(const UpdateSpace& space, const Solved& solved);

/// The finding: an edit for each deviation, and for each number that belongs to none.
std::vector<Edit> edits_of(const UpdateSpace& space, const Solved& solved, const UpdateSpec& update);

}  // namespace touchstone
