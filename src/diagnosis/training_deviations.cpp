#include "diagnosis/training_deviations.h"

namespace touchstone {

const std::vector<TrainingDeviation>& training_deviations() {
  static const std::vector<TrainingDeviation> all = [] {
    std::vector<TrainingDeviation> deviations;
    for (const auto& list : {rate_deviations(), batch_deviations(), network_deviations()}) {
      deviations.insert(deviations.end(), list.begin(), list.end());
    }
    return deviations;
  }();
  return all;
}

}  // namespace touchstone
