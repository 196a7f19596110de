#pragma once

#include <memory>
#include <vector>

#include "experiment/config.h"
#include "optim/update_rule.h"

namespace touchstone {

/// An optimizer: the words that experiment files use for it, and how its rule is made.
struct OptimizerEntry {
  ComponentSpec spec;  ///< arguments with Keras's names and defaults; `lr` and `decay` are common to all
  std::unique_ptr<UpdateRule> (*make)(const std::vector<at::Tensor>& parameters, const OptimizerConfig&);
};

/// Every optimizer. A new one is a file of its own and a line here.
const std::vector<OptimizerEntry>& optimizer_entries();

/// The rule of `config`, under its convention, for parameters of one dtype and device.
/// Throws std::out_of_range for a name that is none.
std::unique_ptr<UpdateRule> make_update_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config);

OptimizerEntry sgd();
OptimizerEntry rmsprop();
OptimizerEntry adagrad();
OptimizerEntry adadelta();
OptimizerEntry adam();
OptimizerEntry adamax();

}  // namespace touchstone
