#pragma once

#include <charconv>
#include <limits>
#include <string>

namespace touchstone {

/// The double nearest to a decimal number that fmt wrote; NaN for another text. Whatever the locale is.
inline double from_decimal(const std::string& text) {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace touchstone
