#pragma once

#include "experiment/optimizer_config.h"
#include "trace/setup.h"

namespace touchstone {

/// The run with another optimizer, which may have choices (optim/choices.h).
Setup with_update(const Setup& right, const OptimizerConfig& optimizer);

}  // namespace touchstone
