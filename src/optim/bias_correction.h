#pragma once

#include <cmath>
#include <cstdint>

#include "data/precision.h"

namespace touchstone {

/// 1 - beta^t, the power and the difference each rounded to `precision`. Keras computes it in the run's: in float32,
/// 1 - beta_2^t has few digits left while t is small (keras/optimizers.py, Adam.get_updates).
inline double bias_correction(double beta, std::int64_t t, Precision precision = Precision::float64) {
  return rounded(1.0 - rounded(std::pow(beta, static_cast<double>(t)), precision), precision);
}

}  // namespace touchstone
