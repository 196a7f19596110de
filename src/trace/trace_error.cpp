#include "trace/trace_error.h"

#include <fmt/format.h>

#include "trace/quote.h"

namespace touchstone {

UserError trace_error(const std::string& file, std::string_view tensor, const std::string& message) {
  return UserError(fmt::format("{}: {}: {}", file, quote(tensor), message));
}

}  // namespace touchstone
