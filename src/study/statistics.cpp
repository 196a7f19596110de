#include "study/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace touchstone {
namespace {

bool is_finite(double value) { return std::isfinite(value); }

/// Of values of which none is NaN. What is below the place is left in front of it.
double percentile(std::vector<double>& values, double fraction) {
  const double place = fraction * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(std::floor(place));
  std::nth_element(values.begin(), below, values.end());
  const double rest = place - std::floor(place);
  if (rest == 0.0) return *below;
  const double above = *std::min_element(below + 1, values.end());
  return *below + rest * (above - *below);
}

}  // namespace

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Percentiles percentiles_of(std::vector<double>& values) {
  values.erase(std::stable_partition(values.begin(), values.end(), is_finite), values.end());
  if (values.empty()) return {nan, nan, nan, nan};
  const double mean = mean_of(values);
  return {mean, percentile(values, 0.05), percentile(values, 0.5), percentile(values, 0.95)};
}

Estimate estimate_of(const std::vector<double>& values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), is_finite);
  if (finite.empty()) return {0, nan, nan, nan};
  const double mean = mean_of(finite);
  if (finite.size() < 2) return {1, mean, nan, nan};
  double squares = 0.0;
  for (const double value : finite) squares += (value - mean) * (value - mean);
  const auto freedom = static_cast<double>(finite.size() - 1);
  const double deviation = std::sqrt(squares / freedom);
  const double t = boost::math::quantile(boost::math::students_t(freedom), 0.975);
  return {finite.size(), mean, deviation, t * deviation / std::sqrt(static_cast<double>(finite.size()))};
}

}  // namespace touchstone
