#pragma once

namespace touchstone {

struct Trace;

/// The sentence of the finding of that name.
inline constexpr const char* computed_in_float32 = "the trace has float64 numbers, but they were computed in float32";

/// Whether all that a float64 trace recorded of its updates and parameters are numbers that float32 has: then they were
/// computed in it.
bool is_computed_in_float32(const Trace& trace);

}  // namespace touchstone
