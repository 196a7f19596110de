#pragma once

#include "experiment/optimizer_config.h"
#include "trace/trace_file.h"

namespace touchstone {

/// What an adapter does with a case that gives its gradients: each update through the rule on LibTorch, the parameters
/// recorded; with the rates that are given, or the initial one whatever they are.
Trace make_updates(const Trace& given, const OptimizerConfig& optimizer, bool at_initial_rate = false);

}  // namespace touchstone
