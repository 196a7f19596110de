#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// What an optimizer's update is with and without a finding, as formulas.
struct FindingFormulas {
  std::string optimizer;
  std::string declared;
  std::string computes;
};

/// A finding, explained without a trace.
struct FindingInfo {
  std::string name;
  std::string about;     ///< the part of training: "rate", "update", ...
  std::string sentence;  ///< what the engine computes instead of what was declared
  /// Libraries that do it, with the file, and threads about it; "" if none is known.
  std::string common_in;
  /// Of the update, with Keras's defaults, for each optimizer that may have it.
  std::vector<FindingFormulas> formulas;
};

/// Every finding that a diagnosis may name, in the order of the parts. `convention_...` is not among them.
std::vector<FindingInfo> findings();

}  // namespace touchstone
