#include "optim/registry.h"

#include <ATen/core/Tensor.h>

#include <utility>

#include "experiment/find_named.h"
#include "optim/adadelta.h"
#include "optim/adagrad.h"
#include "optim/adam.h"
#include "optim/adamax.h"
#include "optim/adamw.h"
#include "optim/formula_rule.h"
#include "optim/lion.h"
#include "optim/nadam.h"
#include "optim/optimizer.h"
#include "optim/pipeline_rule.h"
#include "optim/precision.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"
#include "optim/torch/torch_rules.h"

namespace touchstone {
namespace {

OptimizerEntry with_pipeline_arguments(OptimizerEntry entry) {
  add_pipeline_arguments(entry.spec);
  return entry;
}

std::vector<OptimizerEntry>& entries() {
  static std::vector<OptimizerEntry> all = [] {
    std::vector<OptimizerEntry> built_in = {
        entry_of<Sgd>(&torch_sgd),
        entry_of<RmsProp>(&torch_rmsprop),
        entry_of<Adagrad>(&torch_adagrad),
        entry_of<Adadelta>(&torch_adadelta),
        entry_of<Adam>(&torch_adam),
        entry_of<Adamax>(&torch_adamax),
        entry_of<Nadam>(),
        entry_of<AdamW>(&torch_adamw),
        entry_of<Lion>(),
    };
    for (OptimizerEntry& entry : built_in) entry = with_pipeline_arguments(std::move(entry));
    return built_in;
  }();
  return all;
}

}  // namespace

const std::vector<OptimizerEntry>& optimizer_entries() { return entries(); }

void add_optimizer(OptimizerEntry entry) { entries().push_back(with_pipeline_arguments(std::move(entry))); }

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

UpdatePipeline make_pipeline(const OptimizerConfig& config) {
  return pipeline_of(config, find_optimizer(config.name).spec);
}

Formula make_formula(const OptimizerConfig& config, Precision precision) {
  const OptimizerEntry& entry = find_optimizer(config.name);
  return entry.formula(config, entry.options(config), precision);
}

CompiledFormula compile_formula(const OptimizerConfig& config, Precision precision) {
  return find_optimizer(config.name).compiled(config, precision);
}

std::unique_ptr<UpdateRule> make_update_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const OptimizerEntry& entry = find_optimizer(config.name);
  const Precision precision = precision_of(parameters);
  const UpdatePipeline pipeline = make_pipeline(config);
  auto rule = entry.torch == nullptr ? nullptr : entry.torch(parameters, config, precision);
  if (rule == nullptr) return std::make_unique<FormulaRule>(parameters, make_formula(config, precision), pipeline);
  return with_pipeline(std::move(rule), parameters, pipeline);
}

}  // namespace touchstone
