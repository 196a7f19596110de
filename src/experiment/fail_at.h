#pragma once

#include <string>

#include "experiment/fail_at.h"
#include "files/errors.h"

namespace touchstone {

/// Throws the UserError "ORIGIN: KEY: MESSAGE"; `origin`: "FILE:LINE:COLUMN".
[[noreturn]] void fail_at(const std::string& origin, const std::string& key, const std::string& message);

}  // namespace touchstone
