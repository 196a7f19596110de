#include "training/recipe.h"

#include <algorithm>

#include "schedule/time_decay.h"

namespace touchstone {

std::vector<Batch> keras_batches(std::int64_t rows, std::int64_t batch_size) {
  std::vector<Batch> batches;
  for (std::int64_t begin = 0; begin < rows; begin += batch_size) {
    const std::int64_t length = std::min(batch_size, rows - begin);
    batches.push_back({begin, length, length});
  }
  return batches;
}

double keras_rate(const Rate& rate, const OptimizerConfig& optimizer, const Progress& progress) {
  return time_decayed(rate, optimizer.number("decay"), progress.update);
}

}  // namespace touchstone
