#pragma once

#include "results/result.h"

namespace touchstone {

/// Prints an experiment's arms as a table on stdout: final metrics of a training, the first rates and the last
/// of a schedule, the classes of a scatter.
void print_summary(const ExperimentResult& result);

}  // namespace touchstone
