#pragma once

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

namespace touchstone {

/// Those that are finite: diverged runs have others.
inline std::vector<double> finite_values(const std::vector<double>& values) {
  std::vector<double> some;
  std::copy_if(values.begin(), values.end(), std::back_inserter(some),
               [](double value) { return std::isfinite(value); });
  return some;
}

/// The values of the places at which both are finite.
inline std::pair<std::vector<double>, std::vector<double>> finite_pairs(const std::vector<double>& a,
                                                                        const std::vector<double>& b) {
  std::pair<std::vector<double>, std::vector<double>> both;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
    both.first.push_back(a[i]);
    both.second.push_back(b[i]);
  }
  return both;
}

}  // namespace touchstone
