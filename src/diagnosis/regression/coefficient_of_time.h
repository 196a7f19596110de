#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "optim/linear_rule.h"

namespace touchstone {

/// What a coefficient was found to be at one update.
struct CoefficientAt {
  double value = 0.0;
  double uncertainty = 0.0;
  double lr = 0.0;
  std::int64_t t = 1;
};

/// How a coefficient depends on the rate and on t: a constant, one times the rate, and either with one or two factors
/// (1 - base^t)^(1, -1, 1/2 or -1/2), t shifted by at most one. `bases`: those that other lines have, which are tried
/// first; another base is solved for. `prefers_rate`: if the data cannot tell whether it has the rate. Nothing if
/// none of these gives it.
/// `rounding`: the share of its uncertainty by which a factor may be rounded to fewer digits.
std::optional<LinearRule::Coefficient> coefficient_of_time(const std::vector<CoefficientAt>& series,
                                                           const std::vector<double>& bases, bool prefers_rate,
                                                           double rounding);

/// `value` with the fewest digits that leave it within `uncertainty`.
double with_few_digits(double value, double uncertainty);

}  // namespace touchstone
