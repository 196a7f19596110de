#pragma once

#include <optional>

#include "diagnosis/regression/line_of_time.h"

namespace touchstone {

/// A step over a divisor, and what is added to the parameters beside it.
struct StepLine {
  LinearRule::Line step;
  LinearRule::Divisor divisor;
  LinearRule::Line beside;
};

/// With the simplest of the divisors with which the step is a line; nothing if it is with none.
std::optional<StepLine> read_step(const Reading& reading);

}  // namespace touchstone
