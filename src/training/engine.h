#pragma once

#include <string>
#include <vector>

#include "experiment/config_fwd.h"
#include "training/history.h"
#include "training/observer.h"

namespace touchstone {

struct SeededStart;
struct TrainingData;

/// How a run is computed: by LibTorch's autograd and torch::optim (the reference), or by the fused operators.
enum class EngineKind { autograd, fused };

/// "autograd" or "fused". Throws std::out_of_range for any other.
EngineKind find_engine(const std::string& name);

/// Trains one start in place. Throws Interrupted if `observer` requests it.
History train(EngineKind engine, const RunConfig& config, const TrainingData& data, const SeededStart& start,
              Observer& observer);
/// Trains several starts, one after the other or as a batch of replicas; then `observer` sees the first.
std::vector<History> train(EngineKind engine, const RunConfig& config, const TrainingData& data,
                           const std::vector<SeededStart>& starts, Observer& observer);
/// Whether an engine trains several starts as a batch of replicas.
bool batches_replicas(EngineKind engine);

}  // namespace touchstone
