#pragma once

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

namespace touchstone {

/// The entry of `all` whose `name_of(entry)` is `name`. Throws std::out_of_range, saying what there is none of.
template <typename Entries, typename NameOf>
const auto& find_named(const Entries& all, const std::string& name, const char* what, const NameOf& name_of) {
  const auto found =
      std::find_if(std::begin(all), std::end(all), [&](const auto& entry) { return name_of(entry) == name; });
  if (found == std::end(all)) throw std::out_of_range(std::string("no ") + what + " is called '" + name + "'");
  return *found;
}

}  // namespace touchstone
