#pragma once

#include <string>
#include <vector>

#include "experiment/node.h"

namespace touchstone {

/// "model.layers.0.units" in parts, and back.
std::vector<std::string> split_key(const std::string& dotted);
std::string join_key(const std::vector<std::string>& path);

/// The node at `path` below `root`, in lists by index; null if there is none.
const Node* find_at(const Node& root, const std::vector<std::string>& path);

/// Puts `value` at `path` below `root`, making maps on the way; in lists a step is an index.
/// Throws UserError, at the value's origin, where a step leads nowhere.
void set_at(Node& root, const std::vector<std::string>& path, const Node& value);

}  // namespace touchstone
