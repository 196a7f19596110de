#pragma once

#include <string>
#include <vector>

#include "experiment/node.h"

namespace touchstone {

/// "dotted.key=YAML value", parsed.
struct Override {
  std::vector<std::string> path;
  Node value;
};

/// Throws ConfigError unless every text is KEY=VALUE with a YAML value.
std::vector<Override> parse_overrides(const std::vector<std::string>& texts);

/// Puts `value` at `path` below `root`, making maps on the way; in lists a step is an index.
/// Throws ConfigError where a step is neither.
void set_at(Node& root, const std::vector<std::string>& path, const Node& value);

/// "a.b.c" in parts.
std::vector<std::string> split_key(const std::string& dotted);

}  // namespace touchstone
