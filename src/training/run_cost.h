#pragma once

#include <cstdint>

#include "experiment/config_fwd.h"
#include "training/engine.h"

namespace touchstone {

/// A rough estimate of an engine's time for one run in seconds, to compare runs and to refuse absurd ones.
double cost_of_run(const RunConfig& config, std::int64_t features, std::int64_t train_rows, EngineKind engine);

/// The number of values in memory during a forward pass over `rows` rows.
double values_of_forward_pass(const ModelConfig& model, std::int64_t features, std::int64_t rows);

}  // namespace touchstone
