#include "optim/registry.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "optim/clipping.h"
#include "optim/formula_rule.h"
#include "optim/optimizer.h"
#include "optim/precision.h"

namespace touchstone {

// One file each.
OptimizerEntry sgd();
OptimizerEntry rmsprop();
OptimizerEntry adagrad();
OptimizerEntry adadelta();
OptimizerEntry adam();
OptimizerEntry adamax();
OptimizerEntry nadam();
OptimizerEntry adamw();

namespace {

OptimizerEntry with_clipping_arguments(OptimizerEntry entry) {
  for (const ArgumentSpec& argument : clipping_arguments()) entry.spec.arguments.push_back(argument);
  return entry;
}

std::vector<OptimizerEntry>& entries() {
  static std::vector<OptimizerEntry> all = [] {
    std::vector<OptimizerEntry> built_in = {sgd(),  rmsprop(), adagrad(), adadelta(),
                                            adam(), adamax(),  nadam(),   adamw()};
    for (OptimizerEntry& entry : built_in) entry = with_clipping_arguments(std::move(entry));
    return built_in;
  }();
  return all;
}

}  // namespace

const std::vector<OptimizerEntry>& optimizer_entries() { return entries(); }

void add_optimizer(OptimizerEntry entry) { entries().push_back(with_clipping_arguments(std::move(entry))); }

const OptimizerEntry& find_optimizer(const std::string& name) {
  const auto found = std::find_if(entries().begin(), entries().end(),
                                  [&](const OptimizerEntry& entry) { return entry.spec.name == name; });
  if (found == entries().end()) throw std::out_of_range("no optimizer is called '" + name + "'");
  return *found;
}

Formula make_formula(const OptimizerConfig& config, Precision precision) {
  return find_optimizer(config.name).formula(config, precision);
}

std::unique_ptr<UpdateRule> make_update_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const OptimizerEntry& entry = find_optimizer(config.name);
  const Precision precision = precision_of(parameters);
  auto rule = entry.torch == nullptr ? nullptr : entry.torch(parameters, config, precision);
  if (rule == nullptr) rule = std::make_unique<FormulaRule>(parameters, entry.formula(config, precision));
  return with_clipping(std::move(rule), parameters, clipping_of(config));
}

}  // namespace touchstone
