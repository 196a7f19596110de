#pragma once

#include <cstddef>
#include <vector>

#include "diagnosis/update_space/update_space.h"

namespace touchstone {

/// A point with the numbers of its deviations solved for, and with one of the others too, two of them ... until it
/// fits, if so many differences (`most`) may be: the best of each. Nothing if nothing could be compared.
std::vector<Solved> solve_point(const UpdateSpace& space, const UpdateFit& fit, const Point& point, UpdateFit::Of of,
                                std::size_t most);

}  // namespace touchstone
