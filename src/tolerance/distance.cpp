#include "tolerance/distance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace touchstone {

double distance_between(double a, double b) {
  if (std::isfinite(a) && std::isfinite(b)) return std::abs(a - b);
  return std::isfinite(a) == std::isfinite(b) ? 0.0 : std::numeric_limits<double>::infinity();
}

double distance_between(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, distance_between(a[i], b[i]));
  return largest;
}

double largest_finite(const std::vector<double>& values) {
  double result = 0.0;
  for (const double value : values) {
    if (std::isfinite(value)) result = std::max(result, std::abs(value));
  }
  return result;
}

}  // namespace touchstone
