#pragma once

#include <ATen/Tensor.h>

#include "data/dataset.h"
#include "experiment/config.h"

namespace touchstone {

/// A split as a run works on it. x: [rows, features] in the run's dtype; y: [rows], int64.
struct TrainingData {
  at::Tensor train_x;
  at::Tensor train_y;
  at::Tensor test_x;
  at::Tensor test_y;
};

/// Draws or reads the data that `config` names, and splits it. Throws DataError.
Split load_split(const DataConfig& config);

TrainingData to_tensors(const Split& split, at::ScalarType dtype, at::Device device);

/// Throws DataError, naming the row, if a class index is outside 0..classes-1: what a model with that many
/// outputs cannot learn.
void require_classes(const Split& split, std::int64_t classes);

}  // namespace touchstone
