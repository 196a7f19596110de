#pragma once

#include <functional>
#include <string>
#include <vector>

namespace touchstone {

/// Where a continuous f changes its sign, within ten powers of ten about `near`, which is above 0; those nearest to it
/// first. A value at which f is NaN is passed over.
std::vector<double> roots(const std::function<double(double)>& f, double near);

/// The interval about `inside` in which `holds`, both ends within it: as far as `least` and `most`, between which it is
/// looked for.
struct Interval {
  double from = 0.0;
  double to = 0.0;
};
Interval interval_around(double inside, double least, double most, const std::function<bool(double)>& holds);

/// The number of the fewest decimal digits between two, which are not below 0; the smaller of several.
double simplest_between(const Interval& interval);

/// `value` and what it may have been before rounding made it that: with 2, 3, 4 and all of its digits.
std::vector<double> with_fewer_digits(double value);

}  // namespace touchstone
