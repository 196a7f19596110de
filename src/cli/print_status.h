#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace touchstone {

/// Prints a progress message on stderr. Errors while printing are ignored.
template <typename... Arguments>
void print_status(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace touchstone
