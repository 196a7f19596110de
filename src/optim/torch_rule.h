#pragma once

#include "optim/update_rule.h"

namespace touchstone {

/// A rule that a torch::optim::Optimizer carries out: LibTorch's own, or one of those that its C++ API lacks.
/// LibTorch's headers for them take seconds to compile: the torch_*.cpp include them, for LibTorch's own and for each
/// that it lacks, and an optimizer's file declares what it has from there.
class TorchRule : public UpdateRule {
 public:
  /// For rules whose epsilon depends on the update.
  virtual void set_epsilon(double epsilon) = 0;
};

}  // namespace touchstone
