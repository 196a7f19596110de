#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace touchstone {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Of finite values; NaN of none.
double mean_of(const std::vector<double>& values);

/// Percentiles of some values, as numpy.percentile computes them (linear interpolation).
struct Percentiles {
  double mean;
  double p05;
  double p50;
  double p95;
};

/// The percentiles of the finite `values`, which are reordered; NaN if there are none.
Percentiles percentiles_of(std::vector<double>& values);

/// A mean and its uncertainty.
struct Estimate {
  std::size_t count;  ///< of the finite values
  double mean;        ///< NaN of no values
  double deviation;   ///< of the sample, by n - 1; NaN of fewer than two values
  double half_width;  ///< of the mean's 95 % confidence interval, by Student's t; NaN of fewer than two values
};

/// The estimate from the finite `values`.
Estimate estimate_of(const std::vector<double>& values);

}  // namespace touchstone
