#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "experiment/optimizer_config.h"
#include "optim/formula.h"
#include "optim/update_rule.h"

namespace touchstone {

/// A way to compute an optimizer otherwise, for the diagnosis: a point on one axis of the space of what engines do.
struct OptimizerMistake {
  std::string axis;  ///< of each axis an engine takes one point
  std::string name;
  std::string sentence;  ///< for the user: what the engine computes, and what it should
  /// The configuration that does it, none where it cannot be done: with other arguments, or with choices
  /// (optim/choices.h) that the optimizer's formula reads. A number among them is where a search for it begins.
  std::function<std::optional<OptimizerConfig>(const OptimizerConfig& right)> config;
};

/// What of the conformance suite an optimizer's arguments are tried with, besides the schedules.
enum class CaseGroup {
  conventions,  ///< PyTorch's and the papers' rules
  shapes,       ///< batch sizes and networks
  plateaus,     ///< every argument of ReduceLROnPlateau, and the other schedules: for one or two of all optimizers
  clipping,     ///< of gradients: likewise
  losses        ///< the loss from probabilities: likewise
};

/// Arguments that the conformance suite tries an optimizer with.
struct OptimizerExample {
  std::string name;  ///< "", for the plain one, or a word: "nesterov"
  Arguments arguments;
  std::set<CaseGroup> case_groups = {CaseGroup::conventions, CaseGroup::shapes};
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
  /// What engines may do instead, each by itself or several together: choices that `formula` reads (optim/choices.h).
  std::vector<OptimizerMistake> mistakes = {};
};

/// Either of Keras's: their rules are one, but for those that say otherwise.
inline bool is_keras(Convention convention) {
  return convention == Convention::keras || convention == Convention::keras3;
}

/// What an optimizer keeps in a variable of the run's precision; only Keras 2 does.
inline double rounded_argument(const OptimizerConfig& config, const char* argument, Precision precision) {
  const double value = config.number(argument);
  return config.convention == Convention::keras ? rounded(value, precision) : value;
}

}  // namespace touchstone
