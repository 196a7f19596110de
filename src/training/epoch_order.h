#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "data/random_state.h"

namespace touchstone {

/// The training rows in the order in which an epoch visits them: 0..N-1, permuted. Called once per epoch; epochs count
/// from 0.
using EpochOrder = std::function<std::vector<std::int64_t>(std::int64_t epoch)>;

/// 0..rows-1 every epoch.
EpochOrder natural_order(std::int64_t rows);

/// Shuffles one index array in place, epoch after epoch, as Keras's fit does. The stream is copied.
EpochOrder shuffled_order(std::int64_t rows, RandomState random);

/// As recorded, [epochs][rows].
EpochOrder recorded_order(std::vector<std::vector<std::int64_t>> orders);

}  // namespace touchstone
