#include "updates.h"

#include <ATen/core/Tensor.h>

#include "optim/registry.h"
#include "optim/update_rule.h"
#include "trace/replay.h"
#include "trace/tensors.h"

namespace touchstone {

Trace make_updates(const Trace& given, const OptimizerConfig& optimizer, bool at_initial_rate) {
  const std::vector<at::Tensor> parameters = initial_parameters(given, precision_of(given.dtype));
  const auto rule = make_update_rule(parameters, optimizer);
  Trace trace = given;
  const std::vector<std::string> names = given.parameters();
  for (std::size_t update = 0; update < given.update_index->size(); ++update) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Array& all = *given.find("step/grad/" + names[i]);
      const at::Tensor& parameter = parameters[i];
      parameter.mutable_grad() =
          tensor_of(all.record(update), {all.shape.begin() + 1, all.shape.end()}, parameter.scalar_type());
    }
    rule->step(at_initial_rate ? optimizer.number("lr") : given.find("step/lr")->values[update]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      Array& recorded = trace.arrays["step/param/" + names[i]];
      const std::vector<double> values = values_of(parameters[i]);
      recorded.values.insert(recorded.values.end(), values.begin(), values.end());
      recorded.shape = given.find("step/grad/" + names[i])->shape;
    }
  }
  return trace;
}

}  // namespace touchstone
