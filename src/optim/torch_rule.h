#pragma once

#include "optim/update_rule.h"

namespace touchstone {

/// A rule that a torch::optim::Optimizer carries out: LibTorch's own, or one of those that its C++ API lacks.
/// LibTorch's headers for them take seconds to compile: torch_builtin.cpp includes them for all of its own, and an
/// optimizer's file declares what it has from there; those that LibTorch lacks are compiled with it in one batch.
class TorchRule : public UpdateRule {
 public:
  /// For rules whose epsilon depends on the update.
  virtual void set_epsilon(double epsilon) = 0;
};

}  // namespace touchstone
