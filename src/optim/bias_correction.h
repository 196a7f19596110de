#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "optim/constants.h"

namespace touchstone {

/// What a moment is divided by, since it starts at 0: 1 - beta^t; the same with t + 1, or t - 1 (at least 1); or 1.
enum class BiasCorrection { of_t, of_next_t, of_previous_t, none };

template <typename T, typename Constants>
T corrected_by(BiasCorrection correction, const Constants& constant, double beta, std::int64_t t,
               Precision precision = Precision::float64) {
  switch (correction) {
    case BiasCorrection::none: return constant.exact(1.0);
    case BiasCorrection::of_next_t: return bias_correction(constant, beta, t + 1, precision);
    case BiasCorrection::of_previous_t:
      return bias_correction(constant, beta, std::max<std::int64_t>(t - 1, 1), precision);
    case BiasCorrection::of_t: break;
  }
  return bias_correction(constant, beta, t, precision);
}

/// RAdam (Liu et al., arXiv:1908.03265, algorithm 2): what the step is multiplied by, and whether it is divided by
/// sqrt(v), which it is not while v has seen few gradients.
struct Rectification {
  Rectification() = default;  ///< none
  Rectification(double beta_2, std::int64_t t) {
    const double limit = 2.0 / (1.0 - beta_2) - 1.0;
    const double power = std::pow(beta_2, static_cast<double>(t));
    const double length = limit - 2.0 * static_cast<double>(t) * power / (1.0 - power);
    adapts = length > 5.0;
    if (!adapts) return;
    factor = std::sqrt((length - 4.0) * (length - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * length));
  }
  bool adapts = true;
  double factor = 1.0;
};

}  // namespace touchstone
