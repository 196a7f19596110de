#pragma once

#include <ATen/Tensor.h>

#include <vector>

#include "experiment/config.h"
#include "training/epoch_order.h"
#include "training/history.h"
#include "training/observer.h"
#include "training/recipe.h"
#include "training/training_data.h"

namespace touchstone {

/// Trains as Keras's `fit` does: the reference. `parameters` (kernel and bias of each layer, of one dtype and
/// device with `data`) are trained in place; config.data is not looked at. A loss that is NaN or infinite
/// does not end the run, it marks the history as diverged.
/// Throws Interrupted if `observer` asks for it.
History fit(const RunConfig& config, const TrainingData& data, std::vector<at::Tensor> parameters,
            const EpochOrder& order, Observer& observer, const Recipe& recipe = {});

/// Loss and accuracy of `parameters` on rows x [N, F], classes y [N]: means over the rows.
struct Evaluation {
  double loss;
  double accuracy;
};
Evaluation evaluate(const ModelConfig& model, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                    const at::Tensor& y);

}  // namespace touchstone
