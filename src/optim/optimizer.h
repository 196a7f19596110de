#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "optim/rule.h"
#include "optim/rule_options.h"
#include "optim/update_rule.h"

namespace touchstone {

/// An optimizer without the type of its rule: see entry_of.
struct OptimizerEntry {
  /// The rule as LibTorch does it, null where it does not.
  using Torch = std::unique_ptr<UpdateRule> (*)(const std::vector<at::Tensor>& parameters, const OptimizerConfig&,
                                                Precision);

  ComponentSpec spec;              ///< the pipeline's arguments are added
  std::vector<std::string> slots;  ///< all that it may keep, with whatever arguments, as traces name them
  RuleOptions (*options)(const OptimizerConfig&);
  /// Keras keeps some arguments as variables of the run's precision.
  Formula (*formula)(const OptimizerConfig&, const RuleOptions&, Precision);
  CompiledFormula (*compiled)(const OptimizerConfig&, Precision);
  Torch torch = nullptr;
};

/// An optimizer from its rule (optim/rule.h), and from LibTorch's class if there is one.
template <typename Rule>
OptimizerEntry entry_of(OptimizerEntry::Torch torch = nullptr) {
  using Options = typename Rule::Options;
  using Hyperparameters = typename Rule::Hyperparameters;
  std::vector<std::string> slots;
  for (const Options& options : Rule::fused()) {
    for (const Slot& slot : Rule::slots(options)) {
      if (std::find(slots.begin(), slots.end(), slot.name) == slots.end()) slots.push_back(slot.name);
    }
  }
  return {Rule::spec(),
          slots,
          [](const OptimizerConfig& config) { return RuleOptions::of(Rule::options(config)); },
          [](const OptimizerConfig& config, const RuleOptions& options, Precision precision) {
            return formula<Rule>(options.as<Options>(), Hyperparameters::of(config, precision));
          },
          [](const OptimizerConfig& config, Precision precision) {
            return compiled<Rule>(Rule::options(config), Hyperparameters::of(config, precision));
          },
          torch};
}

}  // namespace touchstone
