#pragma once

#include <functional>
#include <string>
#include <vector>

#include "training/training_spec.h"

namespace touchstone {

/// A known way to train otherwise than declared, outside of the update (known_deviation.h has those of the update).
struct TrainingDeviation {
  std::string name;
  std::string sentence;  ///< for the user: what the engine computes, and what it should
  /// The training that deviates so besides what `spec` does already: several if there is a value to be found out, none
  /// where that cannot be.
  std::function<std::vector<TrainingSpec>(const TrainingSpec& spec)> edit;
};

/// All of them, in the order of the parts. A new one is an entry in one of the lists below.
const std::vector<TrainingDeviation>& training_deviations();

// One file each, in deviations/.
std::vector<TrainingDeviation> rate_deviations();
std::vector<TrainingDeviation> batch_deviations();
std::vector<TrainingDeviation> network_deviations();

}  // namespace touchstone
