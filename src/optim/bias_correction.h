#pragma once

#include <cstdint>

#include "schedule/rate.h"

namespace touchstone {

/// Keras's sqrt(1 - beta_2^t) / (1 - beta_1^t), computed in the run's precision as Keras does: in float32, 1 - beta_2^t
/// has few digits left while t is small (keras/optimizers.py, Adam.get_updates).
double keras_bias_correction(double beta_1, double beta_2, std::int64_t t, Precision precision);

}  // namespace touchstone
