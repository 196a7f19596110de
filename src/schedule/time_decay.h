#pragma once

#include <cstdint>

#include "schedule/rate.h"

namespace touchstone {

/// Keras's time-based decay, lr / (1 + decay * iterations), computed in the rate's own precision.
/// `iterations` counts the updates done before this one, over all epochs (keras/optimizers.py, get_updates).
double time_decayed(const Rate& rate, double decay, std::int64_t iterations);

}  // namespace touchstone
