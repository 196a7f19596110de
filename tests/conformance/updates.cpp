#include "updates.h"

#include <ATen/core/Tensor.h>

#include <memory>

#include "conformance/check_engine.h"
#include "optim/registry.h"
#include "optim/update_rule.h"
#include "trace/replay.h"
#include "trace/tensors.h"

namespace touchstone {

Trace make_updates(const Trace& given, const OptimizerConfig& optimizer, bool at_initial_rate) {
  const auto by_libtorch = [&](const std::string&, const Elements&) -> MakeUpdate {
    const std::vector<at::Tensor> parameters = initial_parameters(given, precision_of(given.dtype));
    const std::shared_ptr<UpdateRule> rule = make_update_rule(parameters, optimizer);
    return [=](Elements& values, const Elements& gradients, double lr) {
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        const at::Tensor& parameter = parameters[i];
        parameter.mutable_grad() = tensor_of(gradients[i], parameter.sizes().vec(), parameter.scalar_type());
      }
      rule->step(at_initial_rate ? optimizer.number("lr") : lr);
      for (std::size_t i = 0; i < parameters.size(); ++i) values[i] = values_of(parameters[i]);
    };
  };
  return updating_engine(by_libtorch)(given);
}

}  // namespace touchstone
