#pragma once

#include "experiment/component.h"

namespace touchstone {

/// Whose update rules a run obeys.
enum class Convention { keras, torch, paper, keras3 };

struct OptimizerConfig : Component {
  Convention convention = Convention::keras;
};

}  // namespace touchstone
