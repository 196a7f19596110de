#pragma once

#include <string>
#include <string_view>

#include "files/errors.h"

namespace touchstone {

/// For a file that is no trace, or that contradicts itself: 'FILE: "TENSOR": found ..., expected ...'. Text that was
/// taken from the file is quoted, escaped and cut short.
UserError trace_error(const std::string& file, std::string_view tensor, const std::string& message);

}  // namespace touchstone
