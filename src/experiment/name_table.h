#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace touchstone {

/// The values of an enumeration with the names that files give them.
template <typename T>
struct NameTable {
  std::vector<std::pair<T, std::string>> entries;

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [value, name] : entries) all.push_back(name);
    return all;
  }

  const std::string& name(T value) const {
    return std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == value; })
        ->second;
  }

  /// Throws std::out_of_range for a name that is none.
  T value(const std::string& name) const {
    for (const auto& entry : entries) {
      if (entry.second == name) return entry.first;
    }
    throw std::out_of_range("nothing is called '" + name + "'");
  }
};

}  // namespace touchstone
