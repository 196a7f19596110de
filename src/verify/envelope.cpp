#include "verify/envelope.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "verify/nudge.h"
#include "verify/tolerance.h"

namespace touchstone {

Envelope::Envelope(Measure measure, Precision precision)
    : measure_(std::move(measure)), precision_(precision), truth_(measure_(Precision::float64, 0)) {
  for (const auto& [series, values] : truth_) noise_[series].assign(values.size(), 0.0);
  measure_more(first_tries);
}

void Envelope::measure_more(int tries) {
  // A float64 run that is not nudged is the truth itself: nothing to learn from attempt 0.
  const int first = precision_ == Precision::float64 ? 1 : 0;
  for (; tries_ < tries; ++tries_) {
    const Observations tried = measure_(precision_, static_cast<std::uint32_t>(tries_ + first));
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
  const double unit = unit_of(precision_);
  expected.floor = std::numeric_limits<float>::denorm_min();
  if (comparison.pooled) {
    expected.noise = {noise(series)};
    expected.floor += floor_units * unit * largest;
  } else {
    expected.relative_floor = floor_units * unit;
  }
  if (comparison.terms > 0.0) expected.floor += sum_floor(largest, comparison.terms, unit);
  return expected;
}

Deviation Envelope::deviation(const Site& site, const std::vector<double>& got, const Comparison& comparison,
                              const std::function<bool(const Deviation&)>& may_measure_more) {
  const auto deviation_now = [&] {
    return worst_deviation(site, Mode::single_step, got, expected(site.series, comparison));
  };
  Deviation first = deviation_now();
  if (!(first.ratio > suspicion) || !may_measure_more(first)) return first;
  measure_more(more_tries);
  return deviation_now();
}

}  // namespace touchstone
