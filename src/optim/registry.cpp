#include "optim/registry.h"

#include <utility>

#include "experiment/find_named.h"
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
  return find_named(entries(), name, "optimizer", [](const OptimizerEntry& entry) { return entry.spec.name; });
}

OptimizerConfig default_config(const std::string& name) {
  OptimizerConfig config;
  config.name = name;
  for (const ArgumentSpec& argument : find_optimizer(name).spec.arguments) {
    if (!argument.optional) config.arguments[argument.name] = argument.default_value;
  }
  return config;
}

Formula make_formula(const OptimizerConfig& config, Precision precision) {
  return find_optimizer(config.name).formula(config, precision);
}

std::unique_ptr<UpdateRule> make_update_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const OptimizerEntry& entry = find_optimizer(config.name);
  const Precision precision = precision_of(parameters);
  auto rule = entry.torch == nullptr ? nullptr : entry.torch(parameters, config, precision);
  if (rule == nullptr) rule = std::make_unique<FormulaRule>(parameters, entry.formula(config, precision));
  return with_clipping(std::move(rule), parameters, config);
}

}  // namespace touchstone
