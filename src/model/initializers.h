#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/random_state.h"

namespace touchstone {

/// Keras's kernel initialisers (keras/initializers.py): he_uniform, glorot_normal, zeros, ...
std::vector<std::string> initializer_names();

/// Draws a [fan_in, fan_out] kernel in C order. Uniform ones draw uniform(-limit, limit) with
/// limit = sqrt(3 * scale / n), normal ones normal(0, sqrt(scale / n)), truncated at two deviations (redrawn)
/// and widened to keep the variance as Keras does; n is fan_in for he (scale 2) and lecun (scale 1), the mean
/// of both for glorot (scale 1). Throws std::out_of_range for an unknown name.
std::vector<double> draw_kernel(const std::string& initializer, std::int64_t fan_in, std::int64_t fan_out,
                                RandomState& random);

}  // namespace touchstone
