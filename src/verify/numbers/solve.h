#pragma once

#include <functional>
#include <string>
#include <vector>

namespace touchstone {

/// Where a continuous f changes its sign, within ten powers of ten about `near`, which is above 0; those nearest to it
/// first. A value at which f is NaN is passed over.
std::vector<double> roots(const std::function<double(double)>& f, double near);

/// The stretch about `inside` in which `holds`, both ends within it: as far as `least` and `most`, between which it is
/// looked for.
struct Stretch {
  double from = 0.0;
  double to = 0.0;
};
Stretch stretch_around(double inside, double least, double most, const std::function<bool(double)>& holds);

/// The number of the fewest decimal digits between two, which are not below 0; the smaller of several.
double simplest_between(const Stretch& stretch);

/// `value` and what it may have been before rounding made it that: with 2, 3, 4 and all of its digits.
std::vector<double> with_fewer_digits(double value);

}  // namespace touchstone
