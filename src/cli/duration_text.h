#pragma once

#include <string>

namespace touchstone {

/// "1.2 s", "12 s", "3 min 05 s", "2 h 07 min", "12 days".
std::string duration_text(double seconds);

}  // namespace touchstone
