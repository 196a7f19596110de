#include "verify/measure/envelope.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "verify/measure/distance.h"
#include "verify/measure/tolerance.h"

namespace touchstone {

Envelope::Envelope(Measure measure, double unit) : measure_(std::move(measure)), unit_(unit), truth_(measure_(0)) {
  for (const auto& [series, values] : truth_) noise_[series].assign(values.size(), 0.0);
  measure_more(first_tries);
}

void Envelope::measure_more(int tries) {
  for (; tries_ < tries; ++tries_) {
    const Observations tried = measure_(static_cast<std::uint32_t>(tries_ + 1));
    for (auto& [series, noise] : noise_) {
      const std::vector<double>& truth = truth_.at(series);
      const std::vector<double>& values = tried.at(series);
      for (std::size_t i = 0; i < noise.size(); ++i) {
        noise[i] = std::max(noise[i], distance_between(values[i], truth[i]));
      }
    }
  }
}

double Envelope::noise(const std::string& series) const {
  const std::vector<double>& noise = noise_.at(series);
  return *std::max_element(noise.begin(), noise.end());
}

Expected Envelope::expected(const std::string& series, const Comparison& comparison) const {
  Expected expected{truth_.at(series), noise_.at(series)};
  const double largest = largest_finite(expected.values);
  expected.floor = underflow;
  if (comparison.pooled) {
    expected.noise = {noise(series)};
    expected.floor += floor_units * unit_ * largest;
  } else {
    expected.relative_floor = floor_units * unit_;
  }
  if (comparison.terms > 0.0) expected.floor += sum_floor(largest, comparison.terms, unit_);
  return expected;
}

void Envelope::measure_finely() { measure_more(more_tries); }

}  // namespace touchstone
