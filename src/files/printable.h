#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace touchstone {

/// A text from a file or another program, safe to show: valid UTF-8 on one line, without control characters, without
/// those that reorder text, and without what XML cannot hold. Each of these becomes a question mark, a line's end a
/// blank. A text of more than `max_bytes` is cut, and ends with "...".
std::string printable(std::string_view text, std::size_t max_bytes = 400);

/// How many characters a text of UTF-8 has: what a terminal shows of one without combining or wide characters.
std::size_t count_characters(std::string_view text);

}  // namespace touchstone
