#pragma once

#include <memory>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "experiment/optimizer_config.h"
#include "optim/update_rule.h"

namespace touchstone {

// LibTorch's optimizers, configured to follow a convention. Each gives null where no configuration does.

std::unique_ptr<UpdateRule> torch_sgd(const std::vector<at::Tensor>& parameters, const OptimizerConfig&, Precision);
std::unique_ptr<UpdateRule> torch_rmsprop(const std::vector<at::Tensor>& parameters, const OptimizerConfig&, Precision);
std::unique_ptr<UpdateRule> torch_adagrad(const std::vector<at::Tensor>& parameters, const OptimizerConfig&, Precision);
std::unique_ptr<UpdateRule> torch_adam(const std::vector<at::Tensor>& parameters, const OptimizerConfig&, Precision);
std::unique_ptr<UpdateRule> torch_adamw(const std::vector<at::Tensor>& parameters, const OptimizerConfig&, Precision);

// These two its C++ API lacks: torch/adadelta.h, torch/adamax.h.
std::unique_ptr<UpdateRule> torch_adadelta(const std::vector<at::Tensor>& parameters, const OptimizerConfig&,
                                           Precision);
std::unique_ptr<UpdateRule> torch_adamax(const std::vector<at::Tensor>& parameters, const OptimizerConfig&, Precision);

}  // namespace touchstone
