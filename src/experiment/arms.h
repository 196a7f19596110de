#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiment/node.h"
#include "experiment/overrides.h"

namespace touchstone {

/// One arm's whole tree, and what sets it apart.
struct ArmNode {
  std::string label;
  std::vector<std::pair<std::string, std::string>> varied;  ///< dotted key, value
  Node root;
};

/// Expands `arms` of `root`: a map of dotted keys to lists of values (several keys: every combination, the
/// last varying fastest), or a list of maps with a `label` and dotted keys. Without `arms`, one arm called
/// `default_label`; one without a label of its own is called after what it varies, "batch_size=5, lr=0.1".
/// Overrides win over what an arm says; arms that they make equal become one. Throws UserError.
std::vector<ArmNode> expand_arms(const Node& root, const std::vector<Override>& overrides,
                                 const std::string& default_label);

}  // namespace touchstone
