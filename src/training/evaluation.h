#pragma once

#include <vector>

#include "data/tensor_fwd.h"

namespace touchstone {

class RunningMeans;
struct TrainingSpec;

/// Means over rows.
struct Evaluation {
  double loss;
  double accuracy;
};

/// Of a network with these parameters on rows x [N, features] with classes y [N].
Evaluation evaluate(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                    const at::Tensor& y);

/// Of an epoch's training rows, x and y, when TrainingSpec::train_metrics says; `means`: of its batches.
Evaluation train_evaluation(const TrainingSpec& spec, const RunningMeans& means,
                            const std::vector<at::Tensor>& parameters, const at::Tensor& x, const at::Tensor& y);

}  // namespace touchstone
