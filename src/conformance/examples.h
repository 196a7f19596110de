#pragma once

#include <set>
#include <string>
#include <vector>

#include "experiment/component.h"

namespace touchstone {

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

/// The plain one alone, for an optimizer that has no examples.
std::vector<OptimizerExample> examples_of(const std::string& optimizer);

}  // namespace touchstone
