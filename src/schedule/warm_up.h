#pragma once

#include <cstdint>
#include <vector>

#include "experiment/component.h"

namespace touchstone {

/// A linear increase of the rate before a schedule: over `warmup_epochs` steps, from the fraction `warmup_start` of the
/// schedule's first rate to the full rate. The schedule begins afterwards. Goyal et al. (arXiv:1706.02677, section
/// 2.2), as PyTorch's LinearLR in a SequentialLR computes it.
struct WarmUp {
  std::int64_t steps = 0;
  double start = 0.0;

  /// The fraction at `step`, below `steps`.
  double share(std::int64_t step) const;
};

/// The warm-up arguments, common to all schedules; without them there is no warm-up.
std::vector<ArgumentSpec> warm_up_arguments();

/// The warm-up that a schedule's arguments request.
WarmUp warm_up_of(const Component& arguments);

}  // namespace touchstone
