#pragma once

#include <cstddef>
#include <string>

namespace touchstone {

/// How a curve is drawn.
struct CurveStyle {
  std::string color;  ///< "#1f77b4"
  std::string dash;   ///< gnuplot's dashtype: "1" is solid
};

/// The style of the curve number `index`, of one row or class or arm: matplotlib's ten colours (tab10). Colours that
/// readers with red-green blindness confuse have different dashes. Beyond ten, the colours come again with other
/// dashes.
CurveStyle curve_style(std::size_t index);

/// The colour of a band around such a curve: opaque, so that two bands do not mix to a third colour.
std::string tint_of(const std::string& color);

}  // namespace touchstone
