#pragma once

#include <string>

#include "trace/trace_file.h"
#include "verify/scoreboard.h"

namespace touchstone {

/// Two traces held against each other, without training anything: every series and record that both have. No noise
/// is measured, so what counts as equal is stated: within `allowed_units` units in the last place, of the coarser
/// of the two precisions, of the record's largest value.
inline constexpr double allowed_units = 64.0;
Scoreboard compare_traces(const Trace& candidate, const Trace& reference);

}  // namespace touchstone
