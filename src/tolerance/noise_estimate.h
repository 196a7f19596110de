#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tolerance/expected.h"

namespace touchstone {

/// Observations by the names of their series.
using Observations = std::map<std::string, std::vector<double>>;

/// Makes the observations: exactly in attempt 0, and in others with the noise of that attempt.
using Measure = std::function<Observations(std::uint32_t attempt)>;

/// How one series of an noise_estimate is compared.
struct Comparison {
  bool pooled = false;  ///< with the series' largest noise for every element
  double terms = 0.0;   ///< how many the observation is a sum or mean of; 0 if of none
};

/// The noise of observations: they are made once exactly, which is the reference, and several times with noise. What
/// correct rounding does is the largest distance seen.
class NoiseEstimate {
 public:
  /// `ulp`: in the last place of the candidate's precision, relative.
  NoiseEstimate(Measure measure, double ulp);

  const Observations& reference() const { return reference_; }

  /// The largest of a series.
  double noise(const std::string& series) const;

  /// What correct rounding allows of a series, as far as it is measured by now.
  Expected expected(const std::string& series, const Comparison& comparison) const;

  /// Measures the noise more finely, with all the samples that there are.
  void measure_finely();

 private:
  void measure_more(int samples);  ///< until there are as many

  Measure measure_;
  double ulp_;
  Observations reference_;
  Observations noise_;
  int samples_ = 0;
};

}  // namespace touchstone
