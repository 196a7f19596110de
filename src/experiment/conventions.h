#pragma once

#include "experiment/name_table.h"
#include "experiment/optimizer_config.h"

namespace touchstone {

/// The conventions by the names that files give them.
const NameTable<Convention>& conventions();

}  // namespace touchstone
