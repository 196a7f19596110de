#pragma once

#include "experiment/config.h"
#include "experiment/name_table.h"

namespace touchstone {

/// The conventions by the names that files give them.
const NameTable<Convention>& conventions();

}  // namespace touchstone
