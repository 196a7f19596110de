#include "tolerance/noise_estimate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tolerance/distance.h"
#include "tolerance/tolerance.h"

namespace touchstone {

NoiseEstimate::NoiseEstimate(Measure measure, double ulp)
    : measure_(std::move(measure)), ulp_(ulp), reference_(measure_(0)) {
  for (const auto& [series, values] : reference_) noise_[series].assign(values.size(), 0.0);
  measure_more(first_tries);
}

void NoiseEstimate::measure_more(int samples) {
  for (; samples_ < samples; ++samples_) {
    const Observations tried = measure_(static_cast<std::uint32_t>(samples_ + 1));
    for (auto& [series, noise] : noise_) {
      const std::vector<double>& reference = reference_.at(series);
      const std::vector<double>& values = tried.at(series);
      for (std::size_t i = 0; i < noise.size(); ++i) {
        noise[i] = std::max(noise[i], distance_between(values[i], reference[i]));
      }
    }
  }
}

double NoiseEstimate::noise(const std::string& series) const {
  const std::vector<double>& noise = noise_.at(series);
  return *std::max_element(noise.begin(), noise.end());
}

Expected NoiseEstimate::expected(const std::string& series, const Comparison& comparison) const {
  Expected expected{reference_.at(series), noise_.at(series)};
  const double largest = largest_finite(expected.values);
  expected.floor = underflow;
  if (comparison.pooled) {
    expected.noise = {noise(series)};
    expected.floor += floor_units * ulp_ * largest;
  } else {
    expected.relative_floor = floor_units * ulp_;
  }
  if (comparison.terms > 0.0) expected.floor += sum_floor(largest, comparison.terms, ulp_);
  return expected;
}

void NoiseEstimate::measure_finely() { measure_more(more_tries); }

}  // namespace touchstone
