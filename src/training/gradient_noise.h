#pragma once

#include "experiment/config_fwd.h"

namespace touchstone {

struct SeededStart;
struct TrainingData;

/// How far a batch's gradient is from that of all training rows, at the initial parameters: the mean over the first
/// epoch's batches of |g_batch - g_all|^2 / |g_all|^2. 0 for a full batch.
double gradient_noise(const RunConfig& config, const TrainingData& data, const SeededStart& start);

}  // namespace touchstone
