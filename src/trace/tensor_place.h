#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace touchstone {

/// Where element `element` of a tensor of that shape lies, in row-major order: "[0,7]"; nothing in a scalar.
std::string place_in(const std::vector<std::int64_t>& shape, std::int64_t element);

}  // namespace touchstone
