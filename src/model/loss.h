#pragma once

#include <optional>
#include <tuple>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "experiment/model_config.h"

namespace touchstone {

/// How far from 0 and 1 Keras keeps probabilities (keras/backend: epsilon()).
inline constexpr double clip_epsilon = 1e-7;

/// A categorical cross-entropy as a value: the one that is differentiated, and the one that is reported.
struct Loss {
  /// What the reported loss does to the probability of a row's class before its logarithm.
  enum class Reported {
    as_differentiated,
    clipped_below,  ///< kept at `reported_epsilon` or more
    clipped,        ///< kept in [reported_epsilon, 1 - reported_epsilon]
    padded          ///< reported_epsilon is added
  };

  LossFrom from = LossFrom::logits;
  double epsilon = clip_epsilon;  ///< where it is taken from probabilities: how far they are kept from 0 and 1
  Reported reported = Reported::as_differentiated;
  double reported_epsilon = 0.0;
  /// NaN where exp underflows, as 0 * log(0) is: if a logit is below its row's largest by more than this. None: never.
  std::optional<double> vanishes_below = {};
  /// What of each row's target is spread evenly over all classes (label smoothing); not where rows are only evaluated.
  double smoothing = 0.0;
  bool takes_softmax_twice = false;  ///< the probabilities are taken for logits

  auto fields() const {
    return std::tie(from, epsilon, reported, reported_epsilon, vanishes_below, smoothing, takes_softmax_twice);
  }
  friend bool operator==(const Loss& a, const Loss& b) { return a.fields() == b.fields(); }
};

/// Of each row, [B], from logits [B, C] and class indices [B].
/// From logits: -log_softmax, as Keras on TensorFlow computes it. From probabilities: softmax, clipped to
/// [epsilon, 1 - epsilon], then -log, as Keras on its other backends does; a clipped row has no gradient.
at::Tensor differentiated_losses(const Loss& loss, const at::Tensor& logits, const at::Tensor& classes);
at::Tensor reported_losses(const Loss& loss, const at::Tensor& logits, const at::Tensor& classes);

/// The loss by which rows are evaluated that are not trained on.
Loss evaluation_loss(Loss loss);

/// How many rows' largest logit is their class's; on the logits' device, an integer scalar.
at::Tensor count_correct(const at::Tensor& logits, const at::Tensor& classes);

}  // namespace touchstone
