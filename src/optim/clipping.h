#pragma once

#include <memory>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/optimizer_config.h"
#include "optim/update_rule.h"

namespace touchstone {

/// What is done to gradients before an optimizer sees them (keras/optimizers.py, Optimizer.get_gradients): those whose
/// norm, over all of them together, is above `norm` are scaled to it; then each element is cut to [-value, value]. 0:
/// not. Keras 3 takes the norm of each tensor by itself (keras/src/optimizers/base_optimizer.py, clip_gradients).
struct Clipping {
  double norm = 0.0;
  double value = 0.0;
  bool each = false;  ///< by its own norm

  bool any() const { return norm > 0.0 || value > 0.0; }
};

/// `clipnorm` and `clipvalue`, which every optimizer has; without them nothing is clipped.
std::vector<ArgumentSpec> clipping_arguments();
Clipping clipping_of(const OptimizerConfig& optimizer);

/// `rule` with the gradients of `parameters` clipped before each step as `optimizer` asks; `rule` itself if it does
/// not.
std::unique_ptr<UpdateRule> with_clipping(std::unique_ptr<UpdateRule> rule, const std::vector<at::Tensor>& parameters,
                                          const OptimizerConfig& optimizer);

}  // namespace touchstone
