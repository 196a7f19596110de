#pragma once

namespace touchstone {

struct Trace;

/// Whether all that a float64 trace recorded of its updates and parameters are numbers that float32 has: then they were
/// computed in it.
bool is_computed_in_float32(const Trace& trace);

}  // namespace touchstone
