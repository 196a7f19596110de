#pragma once

#include <string>
#include <string_view>

namespace touchstone {

/// `text`, which may come from a hostile file, as a message may show it: in double quotes, plain ASCII on one
/// line (control characters, other alphabets and invalid UTF-8 are escaped), and cut after 100 bytes.
std::string quote(std::string_view text);

}  // namespace touchstone
