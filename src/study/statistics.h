#pragma once

#include <cstddef>
#include <vector>

namespace touchstone {

/// What lies between the extremes of some values: NumPy's percentile, which interpolates linearly.
struct Percentiles {
  double mean;
  double p05;
  double p50;
  double p95;
};

/// Of the finite ones of `values`, which are put into another order; NaN if there are none.
Percentiles percentiles_of(std::vector<double>& values);

/// A mean, and how well it is known.
struct Estimate {
  std::size_t count;  ///< of the finite values
  double mean;        ///< NaN of no values
  double deviation;   ///< of the sample, by n - 1; NaN of fewer than two values
  double half_width;  ///< of the mean's 95 % confidence interval, by Student's t; NaN of fewer than two values
};

/// Of the finite ones of `values`.
Estimate estimate_of(const std::vector<double>& values);

}  // namespace touchstone
