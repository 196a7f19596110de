#include "training/recipe.h"

#include "experiment/optimizer_config.h"
#include "model/loss.h"
#include "optim/registry.h"
#include "optim/update_rule.h"
#include "schedule/callback.h"
#include "schedule/time_decay.h"

namespace touchstone {

Recipe::Recipe()
    : make_rule(make_update_rule),
      make_callback(touchstone::make_callback),
      update_rate(keras_rate),
      make_batches(keras_batches),
      clip_epsilon(touchstone::clip_epsilon) {}

double keras_rate(const Rate& rate, const OptimizerConfig& optimizer, const Progress& progress) {
  return time_decayed(rate, optimizer.number("decay"), progress.update);
}

}  // namespace touchstone
