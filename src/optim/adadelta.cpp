#include "optim/registry.h"
#include "optim/torch_rule.h"

namespace touchstone {
namespace {

/// Keras, PyTorch and the paper share the rule.
std::unique_ptr<UpdateRule> make_adadelta(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  return torch_adadelta(parameters, config.number("rho"), config.number("epsilon"));
}

}  // namespace

OptimizerEntry adadelta() {
  return {{"Adadelta",
           {{"lr", 1.0, at_least_zero},
            {"rho", 0.95, below_one},
            {"epsilon", 1e-7, at_least_zero},
            {"decay", 0.0, at_least_zero}}},
          &make_adadelta};
}

}  // namespace touchstone
