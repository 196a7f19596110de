#include "training/batch.h"

#include <algorithm>

namespace touchstone {

std::vector<Batch> keras_batches(std::int64_t rows, std::int64_t batch_size) {
  std::vector<Batch> batches;
  for (std::int64_t begin = 0; begin < rows; begin += batch_size) {
    const std::int64_t length = std::min(batch_size, rows - begin);
    batches.push_back({begin, length, length});
  }
  return batches;
}

}  // namespace touchstone
