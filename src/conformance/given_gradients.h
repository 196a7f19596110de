#pragma once

#include <cstdint>

#include "trace/trace_file.h"

namespace touchstone {

/// Adds to a case the gradients and rates of all its updates (step/grad/*, step/index, step/lr), which bite: of sizes
/// from 1e-10 to 1e4, some 0 for a while or from the start, some that change their sign at each update. The rates are
/// what the case's optimizer and schedule give. `seed` draws them.
void give_gradients(Trace& trace, std::uint32_t seed);

}  // namespace touchstone
