#pragma once

#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "training/epoch_order.h"
#include "training/history.h"
#include "training/observer.h"
#include "training/recipe.h"

namespace touchstone {

struct TrainingData;

/// Trains as Keras's `fit` does: the reference. `parameters` (kernel and bias of each layer, of one dtype and
/// device with `data`) are trained in place; config.data is not looked at. A loss that is NaN or infinite
/// does not end the run, it marks the history as diverged.
/// Throws Interrupted if `observer` asks for it.
History fit(const RunConfig& config, const TrainingData& data, std::vector<at::Tensor> parameters,
            const EpochOrder& order, Observer& observer, const Recipe& recipe = {});

}  // namespace touchstone
