#pragma once

#include <memory>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/optimizer_config.h"
#include "kernel/clip.h"
#include "optim/update_rule.h"

namespace touchstone {

/// `clipnorm` and `clipvalue`, which every optimizer has; without them nothing is clipped.
std::vector<ArgumentSpec> clipping_arguments();
Clipping clipping_of(const OptimizerConfig& optimizer);

/// `rule` with the gradients of `parameters` clipped before each step as `optimizer` asks; `rule` itself if it does
/// not.
std::unique_ptr<UpdateRule> with_clipping(std::unique_ptr<UpdateRule> rule, const std::vector<at::Tensor>& parameters,
                                          const OptimizerConfig& optimizer);

}  // namespace touchstone
