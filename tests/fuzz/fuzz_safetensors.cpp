// Feeds arbitrary bytes to the trace reader: whatever they are, it either reads them or throws UserError,
// and what it reads it can write and read again to the same bytes.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "trace/trace_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace touchstone;
  try {
    const Trace trace = parse_trace({reinterpret_cast<const char*>(bytes), size}, "input");
    const std::string once = format_trace(trace, "once");
    if (format_trace(parse_trace(once, "once"), "twice") != once) std::abort();
  } catch (const UserError&) {
  }
  return 0;
}
