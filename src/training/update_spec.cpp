#include "training/update_spec.h"

#include <fmt/format.h>

#include <tuple>

#include "optim/formula_rule.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {

UpdateSpec UpdateSpec::of(const OptimizerConfig& config) {
  UpdateSpec spec{config, make_pipeline(config), {}, {}, nullptr};
  for (const Slot& slot : make_formula(config, Precision::float64).slots) spec.starts[slot.name] = slot.start;
  return spec;
}

RuleOptions options_of(const UpdateSpec& spec) {
  RuleOptions options = find_optimizer(spec.config.name).options(spec.config);
  for (const auto& edit : spec.option_edits) edit(options);
  return options;
}

Formula formula_of(const UpdateSpec& spec) {
  if (spec.read_off) return formula_of(*spec.read_off);
  Formula formula = find_optimizer(spec.config.name).formula(spec.config, options_of(spec), Precision::float64);
  for (Slot& slot : formula.slots) {
    const auto start = spec.starts.find(slot.name);
    if (start != spec.starts.end()) slot.start = start->second;
  }
  return formula;
}

std::unique_ptr<UpdateRule> make_rule(const UpdateSpec& spec, const std::vector<at::Tensor>& parameters) {
  if (spec == UpdateSpec::of(spec.config)) return make_update_rule(parameters, spec.config);
  return std::make_unique<FormulaRule>(parameters, formula_of(spec), spec.pipeline);
}

std::string text_of(const UpdateSpec& spec) {
  const Formula formula = formula_of(spec);
  Statements statements;
  for (const Slot& slot : formula.slots) {
    if (slot.start != 0.0) statements.push_back(fmt::format("start {} = {}", slot.name, number_text(slot.start)));
  }
  const Statements update = statements_of(spec.pipeline, formula.text());
  statements.insert(statements.end(), update.begin(), update.end());
  return fmt::format("{}", fmt::join(statements, "; "));
}

bool operator==(const UpdateSpec& a, const UpdateSpec& b) {
  if (a.read_off || b.read_off) return a.read_off == b.read_off;
  return std::tie(a.config.name, a.config.convention, a.config.arguments, a.starts) ==
             std::tie(b.config.name, b.config.convention, b.config.arguments, b.starts) &&
         a.pipeline == b.pipeline && options_of(a) == options_of(b);
}

}  // namespace touchstone
