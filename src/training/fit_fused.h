#pragma once

#include <vector>

#include "experiment/config_fwd.h"
#include "training/history.h"
#include "training/observer.h"

namespace touchstone {

struct SeededStart;
struct TrainingData;

/// Trains replicas of one configuration together on the fused operators, each from its own start. The result of a
/// replica is bitwise independent of the others. `data` and the starts' parameters are on the CPU, of one dtype; the
/// parameters are trained in place. `observer` sees the first replica. Throws Interrupted if `observer` asks for it.
std::vector<History> fit_fused(const RunConfig& config, const TrainingData& data,
                               const std::vector<SeededStart>& starts, Observer& observer);

}  // namespace touchstone
