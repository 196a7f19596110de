#pragma once

#include <string>

#include "trace/safetensors.h"

namespace touchstone {

inline constexpr const char* trace_format = "touchstone-trace/1";

/// Checks all that parse_trace promises. Throws UserError at the first thing that does not hold.
void check_trace(const Safetensors& contents, const std::string& source);

}  // namespace touchstone
