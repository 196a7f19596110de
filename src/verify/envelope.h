#pragma once

#include <ATen/core/ScalarType.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "verify/scoreboard.h"

namespace touchstone {

/// Observations by the names of their series.
using Observations = std::map<std::string, std::vector<double>>;

/// The same observations made in `dtype`, with inputs nudged as the attempt says (0: not at all).
using Measure = std::function<Observations(at::ScalarType dtype, std::uint32_t attempt)>;

/// The noise of observations: they are made once in float64, which is the truth, and several times in the
/// candidate's precision from nudged inputs. What honest rounding does is the largest distance seen.
class Envelope {
 public:
  Envelope(Measure measure, at::ScalarType dtype);

  const Observations& truth() const { return truth_; }
  /// Raises the number of tries.
  void measure_more(int tries);
  int tries() const { return tries_; }

  /// Element by element, or, if `pooled`, the largest of the series for all.
  Expected expected(const std::string& series, bool pooled) const;

 private:
  Measure measure_;
  at::ScalarType dtype_;
  Observations truth_;
  Observations noise_;
  int tries_ = 0;
};

}  // namespace touchstone
