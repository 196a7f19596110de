#pragma once

#include <cstdint>
#include <vector>

#include "data/epoch_metrics.h"

namespace touchstone {

struct History {
  std::vector<EpochMetrics> epochs;
  std::int64_t updates = 0;
  double seconds = 0.0;
  bool diverged = false;  ///< some loss was NaN or infinite
};

}  // namespace touchstone
