#pragma once

#include <cstdint>

namespace touchstone {

/// What the widest vectors of this processor can do: `rounds` rounds of independent float multiply-adds. Returns how
/// many operations that were, two a multiply-add; `sink` gets a number that depends on all of them.
double multiply_adds(std::int64_t rounds, float& sink);

}  // namespace touchstone
