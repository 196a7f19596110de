#pragma once

#include "experiment/config_fwd.h"
#include "optim/clipping.h"
#include "optim/text_number.h"

namespace touchstone {

/// What an update does around the optimizer's formula, whichever that is. Clipping a configuration may ask for; the
/// rest nothing does, and an engine may do all the same.
struct Around {
  enum class Decay {
    none,
    in_gradient,  ///< added to the gradient, after it was recorded and clipped
    by_rate,      ///< p *= 1 - rate * decay, before the formula
    by_itself,    ///< p *= 1 - decay, before the formula
    after,        ///< p *= 1 - rate * decay, after the formula
  };

  Clipping clipping;
  Decay decay = Decay::none;
  double decay_by = 0.0;
  bool decays_kernels_only = false;
  double rate_factor = 1.0;
  bool rounds_rate = false;  ///< to float32
  bool takes_initial_rate = false;
  double initial_rate = 0.0;
  int times = 1;      ///< how often the formula is applied
  double sign = 1.0;  ///< of the gradient
};

/// As the optimizer's arguments and choices say (optim/choices.h).
Around around_of(const OptimizerConfig& config);

/// What of it is unusual, a statement each.
Statements statements_of(const Around& around);

}  // namespace touchstone
