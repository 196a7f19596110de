#pragma once

#include "study/join.h"

namespace touchstone {

/// Prints a table on stdout with a row per arm: mean, standard deviation and 95 % interval of the final test accuracy
/// and loss, and the number of diverged seeds.
void print_study(const StudyResult& result);

}  // namespace touchstone
