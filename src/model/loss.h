#pragma once

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"

namespace touchstone {

/// How far from 0 and 1 Keras keeps probabilities (keras/backend: epsilon()).
inline constexpr double clip_epsilon = 1e-7;

/// Categorical cross-entropy of each row, [B], from logits [B, C] and class indices [B].
/// `logits`: -log_softmax, as Keras on TensorFlow computes it. `probabilities`: softmax, clipped to
/// [epsilon, 1 - epsilon], then -log, as Keras on its other backends does; a clipped row has no gradient.
at::Tensor cross_entropy(LossFrom from, const at::Tensor& logits, const at::Tensor& classes,
                         double epsilon = clip_epsilon);

/// How many rows' largest logit is their class's; on the logits' device, an integer scalar.
at::Tensor count_correct(const at::Tensor& logits, const at::Tensor& classes);

}  // namespace touchstone
