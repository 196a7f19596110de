#include "cli/duration_text.h"

#include <fmt/core.h>

#include <cmath>

namespace touchstone {

std::string duration_text(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const double rounded = std::round(seconds);
  if (rounded < 60.0) return fmt::format("{:.0f} s", rounded);
  if (rounded < 3600.0)
    return fmt::format("{:.0f} min {:02.0f} s", std::floor(rounded / 60.0), std::fmod(rounded, 60.0));
  constexpr double day = 86400.0;
  if (rounded >= 3.0 * day) return fmt::format("{:.0f} days", rounded / day);
  const double minutes = std::round(seconds / 60.0);
  return fmt::format("{:.0f} h {:02.0f} min", std::floor(minutes / 60.0), std::fmod(minutes, 60.0));
}

}  // namespace touchstone
