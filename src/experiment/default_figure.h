#pragma once

#include "experiment/experiment.h"

namespace touchstone {

/// The figure of an experiment that names none: of a training, a sweep if its arms vary a key over three numbers or
/// more, panels of one arm, otherwise an overlay; of a schedule, its rates; of data, the points.
FigureConfig default_figure(const Experiment& experiment);

}  // namespace touchstone
