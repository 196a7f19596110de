#include "trace/quote.h"

#include <nlohmann/json.hpp>

namespace touchstone {

std::string quote(std::string_view text) {
  using nlohmann::ordered_json;
  constexpr std::size_t longest = 100;
  constexpr bool ascii_only = true;
  std::string shown(text.substr(0, longest));
  if (text.size() > longest) shown += "...";
  return ordered_json(shown).dump(-1, ' ', ascii_only, ordered_json::error_handler_t::replace);
}

}  // namespace touchstone
