#pragma once

#include <cstddef>
#include <optional>

#include "diagnosis/regression/line_of_time.h"

namespace touchstone {

/// The line of slot `s`: linear in what it was and in other quantities, the maximum with another slot or with the
/// gradient's size. Nothing if it is none of these.
std::optional<LinearRule::SlotLine> read_slot(const Reading& reading, std::size_t s);

/// By how much of what it was a slot's line keeps of it, where that is a constant.
std::optional<double> base_of(const LinearRule::SlotLine& slot, std::size_t s);

}  // namespace touchstone
