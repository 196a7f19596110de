#include "files/printable.h"

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <cstdint>

namespace touchstone {
namespace {

bool is_harmless(std::uint32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool reorders =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  const bool is_line_end = c == 0x2028 || c == 0x2029;
  const bool is_no_character = (c & 0xFFFEU) == 0xFFFEU || (c >= 0xFDD0 && c <= 0xFDEF) || c == 0xFEFF;
  return !is_control && !reorders && !is_line_end && !is_no_character;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  std::string shown;
  for (const char* next = text.data(); next != text.data() + text.size();) {
    if (shown.size() >= max_bytes) return shown + "...";
    const char* const begin = next;
    const auto code_point = Utf8::decode(next, text.data() + text.size());
    if (!boost::locale::utf::is_valid_codepoint(code_point)) {
      next = begin + 1;
      shown += '?';
    } else if (is_harmless(code_point)) {
      shown.append(begin, next);
    } else {
      shown += *begin == '\n' || *begin == '\r' || *begin == '\t' ? ' ' : '?';
    }
  }
  return shown;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace touchstone
