#pragma once

#include "experiment/component.h"

namespace touchstone {

/// Every optimizer, callback, schedule, activation and initialiser there is, for the experiment reader.
const Vocabulary& vocabulary();

}  // namespace touchstone
