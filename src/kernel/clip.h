#pragma once

#include "kernel/dense_plan.h"

namespace touchstone {

/// How gradients are clipped: scaled to the norm `norm` if theirs is larger, then each element limited to [-value,
/// value]. 0 means off. Keras (keras/optimizers.py, Optimizer.get_gradients) scales by norm / |g| if |g| >= norm, where
/// |g| is the norm of all gradients; Keras 3 takes each tensor's own norm (keras/src/optimizers/base_optimizer.py,
/// clip_gradients). LibTorch (torch::nn::utils::clip_grad_norm_) scales by min(1, norm / (|g| + 1e-6)).
struct Clipping {
  double norm = 0.0;
  double value = 0.0;
  bool each = false;     ///< each tensor by its own norm
  double epsilon = 0.0;  ///< added to the norm of the gradients

  bool any() const { return norm > 0.0 || value > 0.0; }

  /// Whether gradients of norm |g| + epsilon are scaled. A norm of NaN makes every gradient NaN in LibTorch, and
  /// changes none in Keras.
  bool scales(double padded_norm) const { return epsilon > 0.0 ? !(padded_norm < norm) : padded_norm >= norm; }
};

/// Clips one replica's gradients, which begin at `first`; `step`: from one element to the next. The padding does not
/// enter the norm. T: float or double.
template <typename T>
void clip(const DensePlan& plan, T* first, const Clipping& clipping, std::size_t step = 1);

}  // namespace touchstone
