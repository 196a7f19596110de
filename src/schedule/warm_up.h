#pragma once

#include <cstdint>
#include <vector>

#include "experiment/component.h"

namespace touchstone {

/// A linear increase of the rate before a schedule: over `warmup_epochs` steps, from the fraction `warmup_start` of the
/// schedule's first rate to the full rate. The schedule begins afterwards. Goyal et al. (arXiv:1706.02677, section
/// 2.2), as PyTorch's LinearLR in a SequentialLR computes it.
struct WarmUp {
  /// What is computed; forms other than `from_start_share` only deviate.
  enum class Form {
    from_start_share,          ///< start + (1 - start) * step / steps
    next_step,                 ///< (step + 1) / steps
    next_of_one_more,          ///< (step + 1) / (steps + 1)
    of_present_rate,           ///< the first form's share of the rate that there is, not of the full rate
    schedule_from_first_step,  ///< the first form; the schedule after it has counted from the first step
    cosine_recursion           ///< the first form; the cosine's first rate is by recursion from the full rate
  };

  std::int64_t steps = 0;
  double start = 0.0;
  Form form = Form::from_start_share;

  /// The argument in which a deviation has the form, as a number; no file may name it.
  static constexpr const char* form_argument = "warmup_form";

  /// The fraction at `step`, below `steps`.
  double share(std::int64_t step) const;
};

/// The warm-up arguments, common to all schedules; without them there is no warm-up.
std::vector<ArgumentSpec> warm_up_arguments();

/// The warm-up that a schedule's arguments request.
WarmUp warm_up_of(const Component& arguments);

}  // namespace touchstone
