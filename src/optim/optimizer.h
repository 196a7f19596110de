#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "experiment/config.h"
#include "optim/formula.h"
#include "optim/update_rule.h"

namespace touchstone {

/// A well-known way to get an optimizer wrong, for the diagnosis.
struct OptimizerMistake {
  std::string name;
  std::string sentence;  ///< what is done, and what should be: told to the user
  /// Configurations that make it, none where it cannot be made: the right one, if `formula` makes it.
  std::function<std::vector<OptimizerConfig>(const OptimizerConfig& right)> configs;
  /// The formula that makes it; null: the configuration alone does.
  Formula (*formula)(const OptimizerConfig&, Precision) = nullptr;
};

/// What of the conformance suite an optimizer's arguments are tried with, besides the schedules.
enum class Trial {
  conventions,  ///< PyTorch's and the papers' rules
  shapes,       ///< batch sizes and networks
  plateaus,     ///< every argument of ReduceLROnPlateau, and the other schedules: for one or two of all optimizers
  clipping,     ///< of gradients: likewise
  losses        ///< the loss from probabilities: likewise
};

/// Arguments that the conformance suite tries an optimizer with.
struct OptimizerExample {
  std::string name;  ///< "", for the plain one, or a word: "nesterov"
  std::map<std::string, Value> arguments;
  std::set<Trial> trials = {Trial::conventions, Trial::shapes};
};

/// An optimizer, all that is known of it. A new one is a file that makes this, and a line in registry.cpp.
struct OptimizerEntry {
  /// Arguments with Keras's names and defaults; `lr` and `decay` are common to all. `clipnorm` and `clipvalue` are
  /// added.
  ComponentSpec spec;
  std::vector<std::string> slots;  ///< all that it may keep, with whatever arguments, as traces name them
  /// Its update under each convention. Keras keeps some arguments as variables of the run's precision.
  Formula (*formula)(const OptimizerConfig&, Precision);
  /// The same as LibTorch does it; null, or one that gives null, where it does not: then the formula over tensors.
  std::unique_ptr<UpdateRule> (*torch)(const std::vector<at::Tensor>& parameters, const OptimizerConfig&,
                                       Precision) = nullptr;
  std::vector<OptimizerExample> examples = {};
  std::vector<OptimizerMistake> mistakes = {};
};

/// What an optimizer keeps in a variable of the run's precision; only Keras does.
inline double kept(const OptimizerConfig& config, const char* argument, Precision precision) {
  const double value = config.number(argument);
  return config.convention == Convention::keras ? rounded(value, precision) : value;
}

/// The configuration under another convention, as the only alternative.
inline std::vector<OptimizerConfig> with_convention(OptimizerConfig config, Convention convention) {
  config.convention = convention;
  return {config};
}

}  // namespace touchstone
