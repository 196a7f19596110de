#pragma once

#include <cstdint>
#include <vector>

#include "kernel/noise.h"
#include "optim/formula.h"
#include "optim/update_pipeline.h"

namespace touchstone {

/// What an update works on, element by element. [parameter][element], slots [slot][parameter][element] in the formula's
/// order.
struct UpdateState {
  using Elements = std::vector<std::vector<double>>;
  Elements parameters;
  Elements gradients;
  std::vector<Elements> slots;
  std::vector<bool> is_kernel;  ///< of each parameter
  /// Of each parameter's whole gradient, where only some elements are looked at; empty: all are.
  std::vector<double> gradient_squares;
};

/// Update number t, from 1, at rate lr, in place: the formula and what is around it, read with the rounding that a
/// Noise draws; in attempt 0 exactly. Changes the gradients too.
void noisy_update(const Formula& formula, const UpdatePipeline& pipeline, double lr, std::int64_t t, Noise& noise,
                  UpdateState& state);

/// The same without noise and in plain doubles, which is many times faster.
void plain_update(const Formula& formula, const UpdatePipeline& pipeline, double lr, std::int64_t t,
                  UpdateState& state);

}  // namespace touchstone
