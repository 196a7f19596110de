#pragma once

#include <string>
#include <vector>

#include "optim/choices.h"
#include "optim/formula.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// Who has epsilon inside the root of an accumulator where Keras 2 and PyTorch have it outside.
inline bool has_epsilon_inside(Convention convention) {
  return convention == Convention::paper || convention == Convention::keras3;
}

/// What a variant divides by: the root of an accumulator with an epsilon, or what engines make of it.
class RootDivisor {
 public:
  explicit RootDivisor(const OptimizerConfig& config);

  double epsilon() const { return epsilon_; }

  /// `epsilon`: the same as a number of the formula.
  template <typename T>
  T of(const T& accumulated, const T& epsilon) const {
    if (!has_root_) return accumulated + epsilon;
    return is_inside_ ? root(accumulated + epsilon) : root(accumulated) + epsilon;
  }

 private:
  bool has_root_;
  bool is_inside_;
  double epsilon_;
};

/// The divisor that a configuration chooses.
SqrtDivisor divisor_of(const OptimizerConfig& config);

/// The choices that it reads, as mistakes of the optimizer `name`, whose own names begin with `prefix`.
std::vector<OptimizerMistake> root_divisor_mistakes(const std::string& name, const std::string& prefix);

}  // namespace touchstone
