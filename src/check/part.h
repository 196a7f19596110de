#pragma once

#include <string>
#include <vector>

#include "check/site.h"

namespace touchstone {

/// Which part of an engine an observation shows, each judged on its own: the rate from what its schedule sees, the loss
/// and the gradients from the parameters, the update from gradients and state, an epoch's training metrics, its
/// validation; and the run from its start, where single updates could not be judged.
enum class Part { rate, forward, gradient, update, metrics, validation, run };

/// All of them, in order of cause.
const std::vector<Part>& all_parts();

/// "rate", "forward", ...
const char* name_of(Part part);

Part part_of(const Site& site, Mode mode);

}  // namespace touchstone
