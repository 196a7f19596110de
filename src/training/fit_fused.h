#pragma once

#include <vector>

#include "experiment/config_fwd.h"
#include "training/history.h"
#include "training/observer.h"

namespace touchstone {

struct SeededStart;
struct TrainingData;

/// Trains replicas of one configuration side by side on the fused operators, each from its own start, as `fit` does
/// one. A replica's result is the same to the last bit whatever others there are. `data` and the starts' parameters
/// are on the CPU, of one dtype; the parameters are trained in place. `observer` sees the first replica.
/// Throws Interrupted if `observer` asks for it.
std::vector<History> fit_fused(const RunConfig& config, const TrainingData& data,
                               const std::vector<SeededStart>& starts, Observer& observer);

}  // namespace touchstone
