#include "optim/registry.h"

#include <algorithm>
#include <stdexcept>

namespace touchstone {

const std::vector<OptimizerEntry>& optimizer_entries() {
  static const std::vector<OptimizerEntry> all = {sgd(), rmsprop(), adagrad(), adadelta(), adam(), adamax()};
  return all;
}

std::unique_ptr<UpdateRule> make_update_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const auto found = std::find_if(optimizer_entries().begin(), optimizer_entries().end(),
                                  [&](const OptimizerEntry& entry) { return entry.spec.name == config.name; });
  if (found == optimizer_entries().end()) {
    throw std::out_of_range("no optimizer is called '" + config.name + "'");
  }
  return found->make(parameters, config);
}

}  // namespace touchstone
