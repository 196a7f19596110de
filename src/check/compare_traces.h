#pragma once

#include <string>

#include "check/scoreboard.h"
#include "trace/trace_file.h"

namespace touchstone {

/// How two traces compare.
struct TraceComparison {
  std::string different_input;  ///< the first difference between what the two runs started from, in words; or nothing
  Scoreboard board;             ///< of what both observed

  bool agrees() const { return different_input.empty() && board.agrees(); }
};

/// Two traces held against each other, without training anything: first their inputs (configuration, data, initial
/// parameters, order), then every series and record that both observed, in order of cause. No noise is measured, so
/// what counts as equal is stated: within `allowed_units` units in the last place, of the coarser of the two
/// precisions, of the record's largest value.
/// Throws UserError or UserError as read_configuration does (`source` and `other` name the traces), and UserError
/// for two that are of different networks or observed nothing in common.
inline constexpr double allowed_units = 64.0;
TraceComparison compare_traces(const Trace& candidate, const std::string& source, const Trace& reference,
                               const std::string& other);

}  // namespace touchstone
