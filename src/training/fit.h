#pragma once

#include <vector>

#include "data/tensor_fwd.h"
#include "training/epoch_order.h"
#include "training/history.h"
#include "training/observer.h"

namespace touchstone {

class TrainingStep;
struct TrainingData;
struct TrainingSpec;

/// Trains as Keras's `fit` does: the reference. `parameters` (kernel and bias of each layer, of one dtype and device
/// with `data`) are trained in place. A loss that is NaN or infinite does not end the run, it marks the history as
/// diverged. Throws Interrupted if `observer` asks for it.
History fit(const TrainingSpec& spec, const TrainingData& data, const std::vector<at::Tensor>& parameters,
            const EpochOrder& order, Observer& observer);

/// The same, with updates computed by `step`, which moves `parameters`.
History fit(const TrainingSpec& spec, const TrainingData& data, const std::vector<at::Tensor>& parameters,
            const EpochOrder& order, Observer& observer, TrainingStep& step);

}  // namespace touchstone
