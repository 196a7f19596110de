#pragma once

#include "trace/setup.h"

namespace touchstone {

/// The run with another update.
Setup with_update(const Setup& declared, const UpdateSpec& update);

}  // namespace touchstone
