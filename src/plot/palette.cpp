#include "plot/palette.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace touchstone {
namespace {

constexpr double pi = 3.14159265358979323846;

int channel(double value) { return static_cast<int>(std::lround(255.0 * std::clamp(value, 0.0, 1.0))); }

}  // namespace

std::vector<std::string> distinct_colors(std::size_t count) {
  static constexpr std::array<const char*, 7> okabe_ito = {"#0072b2", "#e69f00", "#009e73", "#d55e00",
                                                           "#cc79a7", "#56b4e9", "#000000"};
  std::vector<std::string> colors;
  for (std::size_t i = 0; i < count; ++i) colors.emplace_back(okabe_ito[i % okabe_ito.size()]);
  return colors;
}

// matplotlib's _cm.py: red abs(2x - 0.5), green sin(pi x), blue cos(pi x / 2), on a table of 256 entries.
std::vector<std::string> rainbow_colors(std::size_t count) {
  std::vector<std::string> colors;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = count < 2 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    const double entry = std::min(std::floor(x * 256.0), 255.0) / 255.0;
    colors.push_back(fmt::format("#{:02x}{:02x}{:02x}", channel(std::abs(2.0 * entry - 0.5)),
                                 channel(std::sin(pi * entry)), channel(std::cos(pi * entry / 2.0))));
  }
  return colors;
}

}  // namespace touchstone
