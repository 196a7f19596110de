#pragma once

#include "experiment/config.h"
#include "training/recipe.h"

namespace touchstone {

/// What a run is held to: a configuration, and the parts that carry it out.
struct Setup {
  RunConfig config;
  Recipe recipe;
};

/// The update that it makes.
inline UpdateSpec update_of(const Setup& setup) {
  return setup.recipe.update ? *setup.recipe.update : UpdateSpec::of(setup.config.optimizer);
}

}  // namespace touchstone
