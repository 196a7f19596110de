#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "data/tensor_fwd.h"

namespace touchstone {

/// Optimizer state in Keras's terms: slot name -> one tensor per parameter, in the parameters' order.
using Slots = std::map<std::string, std::vector<at::Tensor>>;

/// Moves parameters by their gradients. Which rate an update uses is decided outside (src/schedule): rule and
/// schedule are composed, never mixed.
class UpdateRule {
 public:
  virtual ~UpdateRule() = default;

  /// One update of every parameter from its `grad()`, with rate `lr` (decay included). Gradients may be
  /// overwritten. Call it under torch::NoGradGuard or not: it records no graph.
  virtual void step(double lr) = 0;

  /// Whether an update depends on none before it, so that there is nothing to restore.
  virtual bool stateless() const { return false; }

  /// The state after the last update; zeros before the first.
  virtual Slots slots() const = 0;

  /// Continues from a recorded state: `slots` as slots() gives them, after `updates` updates.
  virtual void restore(const Slots& slots, std::int64_t updates) = 0;
};

}  // namespace touchstone
