#pragma once

#include "experiment/experiment.h"
#include "experiment/node.h"

namespace touchstone {

/// What can only be said of figures once kind and arms are known: whether this kind of experiment has what
/// they draw, whether each gets a file of its own, and whether the templates name what there is. `figures` is
/// the list that `experiment.figures` were read from. Throws UserError.
void check_figures(const Node& figures, const Experiment& experiment);

}  // namespace touchstone
