#pragma once

#include <cmath>
#include <cstdint>

#include "data/precision.h"

namespace touchstone {

/// 1 - beta^t.
inline double bias_correction(double beta, std::int64_t t) { return 1.0 - std::pow(beta, static_cast<double>(t)); }

/// The same with the power and the difference each rounded to the run's precision, as Keras computes them: in float32,
/// 1 - beta_2^t has few digits left while t is small (keras/optimizers.py, Adam.get_updates).
inline double keras_bias_correction(double beta, std::int64_t t, Precision precision) {
  return rounded(1.0 - rounded(std::pow(beta, static_cast<double>(t)), precision), precision);
}

}  // namespace touchstone
