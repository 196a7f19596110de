#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace touchstone {

/// Prints on stderr how work is going. Where that cannot be written, the work goes on.
template <typename... Arguments>
void print_status(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace touchstone
