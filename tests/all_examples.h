#pragma once

#include "conformance/examples.h"

namespace touchstone {

/// The suite's examples of an optimizer, and of the arguments that the suite leaves out.
inline std::vector<OptimizerExample> all_examples_of(const std::string& optimizer) {
  std::vector<OptimizerExample> all = examples_of(optimizer);
  if (optimizer == "RMSprop") {
    all.push_back({"momentum", {{"lr", 0.002}, {"momentum", 0.9}}, {}});
    all.push_back({"centered", {{"lr", 0.005}, {"centered", true}}, {}});
    all.push_back({"centered with momentum", {{"lr", 0.005}, {"centered", true}, {"momentum", 0.5}}, {}});
  }
  return all;
}

}  // namespace touchstone
