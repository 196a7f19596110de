#pragma once

#include <cstdint>
#include <tuple>

#include "experiment/config_fwd.h"
#include "kernel/text_number.h"
#include "optim/clipping.h"

namespace touchstone {

/// What an update does around the optimizer's rule, whichever that is. A configuration asks for clipping alone; an
/// engine may do the rest all the same.
struct UpdatePipeline {
  enum class WeightDecay {
    none,
    in_gradient,  ///< added to the gradient, after it was recorded and clipped
    by_rate,      ///< p *= 1 - rate * decay, before the rule
    by_itself,    ///< p *= 1 - decay, before the rule
    after,        ///< p *= 1 - rate * decay, after the rule
  };
  enum class Counter { per_update, per_tensor, per_tensor_from_two };  ///< what the rule's t counts

  Clipping clipping;
  WeightDecay weight_decay = WeightDecay::none;
  double decay = 0.0;
  bool decays_kernels_only = false;
  double rate_factor = 1.0;
  bool rounds_rate = false;  ///< to float32
  bool uses_initial_rate = false;
  double initial_rate = 0.0;
  int times = 1;      ///< how often the rule is applied
  double sign = 1.0;  ///< of the gradient
  Counter counter = Counter::per_update;

  auto fields() const {
    return std::make_tuple(clipping.norm, clipping.value, clipping.each, clipping.epsilon, weight_decay, decay,
                           decays_kernels_only, rate_factor, rounds_rate, uses_initial_rate, initial_rate, times, sign,
                           counter);
  }

  /// The rule's t for parameter `parameter` of `parameters` in update number t, both from 1.
  std::int64_t count(std::int64_t t, std::size_t parameter, std::size_t parameters) const;
};

UpdatePipeline pipeline_of(const OptimizerConfig& config);

/// What of it is unusual, a statement each.
Statements statements_of(const UpdatePipeline& pipeline);

}  // namespace touchstone
