#include "plot/axes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "plot/text_width.h"

namespace touchstone {
namespace {

constexpr double tick_points = 12.0;
constexpr double tick_gap = 14.0;     ///< between two labels, in pixels
constexpr double tick_height = 24.0;  ///< of a label with its gap

/// The smallest of 1, 2, 2.5, 5, 10, ... times a power of ten that is at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= least * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

}  // namespace

std::optional<ValueRange> range_of(const std::vector<std::vector<double>>& all) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const std::vector<double>& values : all) {
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return low <= high ? std::optional(ValueRange{low, high}) : std::nullopt;
}

ValueRange with_room(const std::optional<ValueRange>& range) {
  if (!range) return {0.0, 1.0};
  const auto [low, high] = *range;
  const double room = low < high ? 0.05 * (high - low) : std::max(std::abs(low), 1e-3) * 0.05;
  return {low >= 0.0 ? std::max(0.0, low - room) : low - room, high + room};
}

ValueRange with_room_by_factor(const std::vector<std::vector<double>>& all) {
  std::vector<double> positive;
  for (const std::vector<double>& values : all) {
    for (const double value : values) {
      if (value > 0.0) positive.push_back(value);
    }
  }
  const ValueRange range = range_of({positive}).value_or(ValueRange{0.1, 1.0});
  return {range.low / 1.3, range.high * 1.3};
}

std::string x_tics_command(double end, double pixels) {
  const double label = text_width(fmt::format("{:.0f}", end), tick_points) + tick_gap;
  const double step = std::max(1.0, round_step(end / std::max(1.0, std::floor(pixels / label))));
  return fmt::format("set xtics {:g}\n", std::min(step == 2.5 ? 5.0 : step, std::max(1.0, end)));  // epochs are whole
}

std::string y_axis_commands(const ValueRange& range, double pixels) {
  const double count = std::clamp(std::floor(pixels / tick_height), 1.0, 8.0);
  return fmt::format("set yrange [{:.6g}:{:.6g}]\nset ytics {:g}\n", range.low, range.high,
                     round_step((range.high - range.low) / count));
}

}  // namespace touchstone
