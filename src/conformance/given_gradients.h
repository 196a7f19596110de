#pragma once

#include <cstdint>

#include "trace/trace_file.h"

namespace touchstone {

/// Adds the gradients and rates of all updates to a case (step/grad/*, step/index, step/lr). The gradients are
/// adversarial: they expose small differences between optimizers. Their sizes range from 1e-10 to 1e4; some are 0 at
/// the start or for some updates, some alternate in sign. The rates follow the case's optimizer and schedule. `seed`
/// draws the gradients.
void give_gradients(Trace& trace, std::uint32_t seed);

}  // namespace touchstone
