#pragma once

#include <ATen/core/Tensor.h>

#include "experiment/config_fwd.h"

namespace touchstone {

struct Dataset;
struct Split;

/// A split as a run works on it. x: [rows, features] in the run's dtype; y: [rows], int64.
struct TrainingData {
  at::Tensor train_x;
  at::Tensor train_y;
  at::Tensor test_x;
  at::Tensor test_y;
};

/// Draws or reads the data that `config` names. Throws UserError.
Dataset load_dataset(const DataConfig& config);
/// `all`, split as `config` says. Throws UserError.
Split split_of(const Dataset& all, const DataConfig& config);
/// Both. Throws UserError.
Split load_split(const DataConfig& config);

TrainingData to_tensors(const Split& split, at::ScalarType dtype, at::Device device);

}  // namespace touchstone
