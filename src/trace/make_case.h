#pragma once

#include <cstdint>

#include "experiment/config_fwd.h"
#include "trace/trace_file.h"

namespace touchstone {

struct Split;

/// A run as a trace without observations: data, initial parameters, order and configuration. It is the run that
/// (seed, arm) names.
Trace make_case(const RunConfig& config, const Split& split, std::uint32_t seed, std::uint32_t arm, DType dtype);

}  // namespace touchstone
