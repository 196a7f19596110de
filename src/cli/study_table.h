#pragma once

#include "study/join.h"

namespace touchstone {

/// Prints on stdout what a study found of each arm after its last epoch: of the test rows' accuracy and loss the mean,
/// the deviation and the mean's 95 % interval; and how many seeds diverged.
void print_study(const StudyResult& result);

}  // namespace touchstone
