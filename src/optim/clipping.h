#pragma once

#include <memory>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/component.h"
#include "optim/update_rule.h"

namespace touchstone {

/// What is done to gradients before an optimizer sees them (keras/optimizers.py, Optimizer.get_gradients): those whose
/// norm, over all of them together, is above `norm` are scaled to it; then each element is cut to [-value, value]. 0:
/// not.
struct Clipping {
  double norm = 0.0;
  double value = 0.0;

  bool any() const { return norm > 0.0 || value > 0.0; }
};

/// `clipnorm` and `clipvalue`, which every optimizer has; without them nothing is clipped.
std::vector<ArgumentSpec> clipping_arguments();
Clipping clipping_of(const Component& optimizer);

/// `rule` with the gradients of `parameters` clipped before each step as `optimizer` asks; `rule` itself if it does
/// not.
std::unique_ptr<UpdateRule> with_clipping(std::unique_ptr<UpdateRule> rule, const std::vector<at::Tensor>& parameters,
                                          const Component& optimizer);

}  // namespace touchstone
