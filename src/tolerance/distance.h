#pragma once

#include <vector>

namespace touchstone {

/// |a - b|. 0 where neither is a finite number: which of NaN and the infinities is left is not asked. Infinite where
/// just one is.
double distance_between(double a, double b);

/// The same of two records: the largest of their elements.
double distance_between(const std::vector<double>& a, const std::vector<double>& b);

/// The size of the largest of the finite ones; 0 if there is none.
double largest_finite(const std::vector<double>& values);

}  // namespace touchstone
