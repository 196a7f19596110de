#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "data/precision.h"
#include "verify/scoreboard.h"

namespace touchstone {

/// Observations by the names of their series.
using Observations = std::map<std::string, std::vector<double>>;

/// The same observations made in a precision, with inputs nudged as the attempt says (0: not at all).
using Measure = std::function<Observations(Precision precision, std::uint32_t attempt)>;

/// How one series of an envelope is compared.
struct Comparison {
  bool pooled = false;  ///< with the series' largest noise for every element
  double terms = 0.0;   ///< how many the observation is a sum or mean of; 0 if of none
};

/// The noise of observations: they are made once in float64, which is the truth, and several times in the
/// candidate's precision from nudged inputs. What honest rounding does is the largest distance seen.
class Envelope {
 public:
  Envelope(Measure measure, Precision precision);

  const Observations& truth() const { return truth_; }

  /// The largest of a series.
  double noise(const std::string& series) const;

  /// How far `got` is off at `site`, with the noise measured more finely if that comes near its bound and
  /// `may_measure_more` has nothing against it.
  Deviation deviation(const Site& site, const std::vector<double>& got, const Comparison& comparison,
                      const std::function<bool(const Deviation&)>& may_measure_more);

 private:
  Expected expected(const std::string& series, const Comparison& comparison) const;
  void measure_more(int tries);  ///< until there are as many

  Measure measure_;
  Precision precision_;
  Observations truth_;
  Observations noise_;
  int tries_ = 0;
};

}  // namespace touchstone
