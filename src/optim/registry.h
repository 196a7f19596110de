#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"

namespace touchstone {

class UpdateRule;
struct CompiledFormula;
struct Formula;
struct OptimizerEntry;
struct UpdatePipeline;

/// Every optimizer (optim/optimizer.h).
const std::vector<OptimizerEntry>& optimizer_entries();

/// Adds one, for a program that has its own: before the first experiment is read.
void add_optimizer(OptimizerEntry entry);

/// Each throws std::out_of_range for a name that is none.
const OptimizerEntry& find_optimizer(const std::string& name);

/// The optimizer as `{name: NAME}` in YAML gives it. Throws as find_optimizer does.
OptimizerConfig default_config(const std::string& name);

/// The update of `config`, under its convention.
Formula make_formula(const OptimizerConfig& config, Precision precision);
CompiledFormula compile_formula(const OptimizerConfig& config, Precision precision);

/// What its update does around its rule.
UpdatePipeline make_pipeline(const OptimizerConfig& config);

/// The rule of `config`, under its convention, for parameters of one dtype and device: LibTorch's own where it has one.
std::unique_ptr<UpdateRule> make_update_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config);

}  // namespace touchstone
