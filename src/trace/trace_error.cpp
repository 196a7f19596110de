#include "trace/trace_error.h"

#include <fmt/core.h>

#include "trace/quote.h"

namespace touchstone {

TraceError::TraceError(const std::string& file, std::string_view tensor, const std::string& message)
    : std::runtime_error(fmt::format("{}: {}: {}", file, quote(tensor), message)) {}

}  // namespace touchstone
