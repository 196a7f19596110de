#pragma once

#include <cmath>
#include <limits>

namespace touchstone {

/// Numbers smaller than this some engines flush to 0, whatever their precision.
inline constexpr double underflow = std::numeric_limits<float>::min();

/// How many times the measured noise a correct engine may be away from the reference in float64.
inline constexpr double noise_multiple = 8.0;

/// What is always allowed: a few units in the last place of the value.
inline constexpr double floor_units = 8.0;

/// The same for a sum or mean of many terms, whose roundings add up as a random walk does; `ulp` is the distance
/// from 1 to the next number.
inline double sum_floor(double value, double terms, double ulp) {
  return std::isfinite(value) ? (floor_units + std::sqrt(terms)) * ulp * std::abs(value) : 0.0;
}

/// The same for terms of one sign, summed from the first to the last: of equal terms each sum rounds one way, by half a
/// unit of what is there by then.
inline double sum_in_order_floor(double value, double terms, double ulp) {
  return std::isfinite(value) ? (floor_units + 0.25 * terms) * ulp * std::abs(value) : 0.0;
}

/// The same for a loss as small as may be: a well-classified row's probability rounds by half a unit of 1.
inline double loss_floor(double ulp) { return 0.5 * ulp; }

/// Whether rounding decides what a loss is made of, such as the side of a saturated unit: then it decides which class
/// wins, too.
inline bool is_chaotic(double noise, double loss) { return !(noise <= 1e-3 * std::fmax(1.0, std::abs(loss))); }

/// Of an accuracy, this many rows: one that lies between two classes may fall to either side.
inline constexpr double floor_rows = 2.0;

/// A comparison that comes closer than this to the bound has its noise measured with the larger number of tries,
/// since a few may all miss what one rounding in thousands does (a unit that is just at zero).
inline constexpr double remeasure_above = 0.2;
inline constexpr int first_tries = 2;
inline constexpr int more_tries = 24;

/// A hypothesis that is off by more than this many bounds is not measured again.
inline constexpr double give_up_above = 50.0;

/// The free-running comparison ends where noise exceeds this share of how far the parameters have come.
inline constexpr double horizon_share = 0.01;

}  // namespace touchstone
