#pragma once

// The softmax and its loss on vectors, for the kernels alone (see vector_math.h).

#include "kernel/dense_plan.h"
#include "kernel/vector_math.h"

namespace touchstone {
namespace {

/// Loss and accuracy of a vector of rows, or of replicas.
template <typename T>
struct LossAndCorrect {
  Vector<T> loss;
  Integers<T> correct;  ///< -1 or 0
};

/// The softmax cross-entropy of a vector of rows. logits: [classes] vectors, `stride` elements apart. WithGradients:
/// the logits are replaced by the loss's gradients times `share`.
template <typename T, bool WithGradients>
LossAndCorrect<T> cross_entropy_of(const DensePlan& plan, T* logits, std::size_t stride, const Integers<T>& label,
                                   T share) {
  using Integer = typename VectorTypes<T>::Integer;
  constexpr T epsilon = static_cast<T>(1e-7);
  Vector<T> largest = load(logits);
  Vector<T> label_logit = largest;
  Integers<T> answer{};
  for (std::size_t k = 1; k < plan.classes(); ++k) {
    const Vector<T> logit = load(logits + k * stride);
    const Integers<T> k_everywhere = Integers<T>{} + static_cast<Integer>(k);
    answer = logit > largest ? k_everywhere : answer;
    largest = logit > largest ? logit : largest;
    label_logit = label == k_everywhere ? logit : label_logit;
  }
  Vector<T> total{};
  for (std::size_t k = 0; k < plan.classes(); ++k) {
    const Vector<T> e = exp_nonpositive<T>(load(logits + k * stride) - largest);
    if constexpr (WithGradients) store<T>(logits + k * stride, e);
    total += e;
  }
  Vector<T> loss;
  Integers<T> has_gradient = Integers<T>{} - 1;  // all
  if (plan.clips_probabilities) {
    const Vector<T> probability = exp_nonpositive<T>(label_logit - largest) / total;
    Vector<T> clipped = probability < epsilon ? broadcast<T>(epsilon) : probability;
    clipped = clipped > T(1) - epsilon ? broadcast<T>(T(1) - epsilon) : clipped;
    loss = -log<T>(clipped);
    // NaN is not clipped.
    has_gradient = (clipped == probability) | (probability != probability);  // NOLINT(misc-redundant-expression)
  } else {
    loss = log_at_least_one<T>(total) - (label_logit - largest);
  }
  if constexpr (WithGradients) {
    const Vector<T> inverse = T(1) / total;
    for (std::size_t k = 0; k < plan.classes(); ++k) {
      const Vector<T> target = label == static_cast<Integer>(k) ? broadcast<T>(T(1)) : Vector<T>{};
      const Vector<T> probability = load(logits + k * stride) * inverse;
      store<T>(logits + k * stride, has_gradient ? (probability - target) * share : Vector<T>{});
    }
  }
  return {loss, answer == label};
}

}  // namespace
}  // namespace touchstone
