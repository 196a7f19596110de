#pragma once

#include <cstdint>
#include <vector>

#include "experiment/config_fwd.h"
#include "training/history.h"
#include "training/observer.h"
#include "training/train_arms.h"

namespace touchstone {

struct Split;

/// Trains an arm once from each of some seeds, on the engine, device and precision of `options`, whose own seed is not
/// looked at: side by side if the engine can. Each history equals that of a run with its seed alone to the last bit;
/// its time is its share of all. `observer` sees the first of the runs that are side by side, and may ask to stop:
/// throws Interrupted then.
std::vector<History> train_seeds(const RunConfig& config, const Split& split, std::size_t arm,
                                 const std::vector<std::uint32_t>& seeds, const TrainOptions& options,
                                 Observer& observer);

}  // namespace touchstone
