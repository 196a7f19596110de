#pragma once

#include <cstdint>
#include <vector>

#include "experiment/component.h"

namespace touchstone {

/// A linear rise of the rate in front of a schedule, over `warmup_epochs` steps, from the share `warmup_start` of the
/// schedule's first rate to all of it; the schedule begins after it. Goyal et al. (arXiv:1706.02677, section 2.2), as
/// PyTorch's LinearLR in a SequentialLR computes it.
struct WarmUp {
  std::int64_t steps = 0;
  double start = 0.0;

  /// The share at `step`, below `steps`.
  double share(std::int64_t step) const;
};

/// The arguments that every schedule has for it; without them there is none.
std::vector<ArgumentSpec> warm_up_arguments();

/// What a schedule's arguments ask for.
WarmUp warm_up_of(const Component& arguments);

}  // namespace touchstone
