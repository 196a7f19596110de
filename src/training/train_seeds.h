#pragma once

#include <cstdint>
#include <vector>

#include "experiment/config_fwd.h"
#include "training/history.h"
#include "training/observer.h"
#include "training/train_arms.h"

namespace touchstone {

struct Split;

/// Trains an arm, whose random stream is RandomState([seed, `stream`]), once per seed on the engine, device and
/// precision of `options` (its seed is ignored), as a batch of replicas if the engine supports it. Each history is
/// bitwise equal to that of a run with that seed alone; its time is the total divided by the number of seeds.
/// `observer` sees the first replica of a batch. Throws Interrupted if it requests a stop.
std::vector<History> train_seeds(const RunConfig& config, const Split& split, std::uint32_t stream,
                                 const std::vector<std::uint32_t>& seeds, const TrainOptions& options,
                                 Observer& observer);

}  // namespace touchstone
