#pragma once

#include <cstdint>

#include "experiment/config_fwd.h"
#include "training/engine.h"

namespace touchstone {

/// About how long an engine takes for one run, in seconds on some processor: to compare runs, and to refuse absurd
/// ones.
double cost_of_run(const RunConfig& config, std::int64_t features, std::int64_t train_rows, EngineKind engine);

/// Values that one forward pass over `rows` rows holds.
double values_of_forward_pass(const ModelConfig& model, std::int64_t features, std::int64_t rows);

}  // namespace touchstone
