#pragma once

#include <string>
#include <vector>

#include "experiment/node.h"

namespace touchstone {

/// "dotted.key=YAML value", parsed.
struct Override {
  std::vector<std::string> path;
  Node value;  ///< every origin below it is "--set KEY"
};

/// Throws UserError unless every text is KEY=VALUE with a YAML value. Below `arms`, the dots belong to the
/// key that the arms vary: "arms.fit.epochs=[1, 2]" replaces what stands at `fit.epochs` in `arms`.
std::vector<Override> parse_overrides(const std::vector<std::string>& texts);

}  // namespace touchstone
