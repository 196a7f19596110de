#pragma once

#include <cstdint>
#include <vector>

#include "kernel/noise.h"
#include "optim/clipping.h"
#include "optim/formula.h"

namespace touchstone {

/// What an update works on, element by element. [parameter][element], slots [slot][parameter][element] in the formula's
/// order.
struct UpdateState {
  using Elements = std::vector<std::vector<double>>;
  Elements parameters;
  Elements gradients;
  std::vector<Elements> slots;
};

/// Update number t, from 1, at rate lr, in place: the gradients clipped as `clipping` says, then the formula, read with
/// the rounding that a Noise draws; in attempt 0 exactly.
void noisy_update(const Formula& formula, const Clipping& clipping, double lr, std::int64_t t, Noise& noise,
                  UpdateState& state);

}  // namespace touchstone
