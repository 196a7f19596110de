#pragma once

#include <cstdint>
#include <vector>

namespace touchstone {

/// Rows begin .. begin + length - 1 of an epoch's order, and the divisor of the sum of their losses.
struct Batch {
  std::int64_t begin;
  std::int64_t length;
  std::int64_t divisor;
};

/// A run's position before an update; both count from 0.
struct Progress {
  std::int64_t epoch;
  std::int64_t update;
};

/// Keras's batches: every row once, the last batch shorter if need be, each loss a mean over its own batch.
std::vector<Batch> keras_batches(std::int64_t rows, std::int64_t batch_size);

}  // namespace touchstone
