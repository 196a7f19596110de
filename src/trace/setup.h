#pragma once

#include "experiment/config.h"
#include "training/recipe.h"

namespace touchstone {

/// What a run is held to: a configuration, and the parts that carry it out.
struct Setup {
  RunConfig config;
  Recipe recipe;
};

}  // namespace touchstone
