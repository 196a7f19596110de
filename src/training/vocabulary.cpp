#include "training/vocabulary.h"

#include "model/activations.h"
#include "model/initializers.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "schedule/callback.h"
#include "schedule/schedules.h"

namespace touchstone {
namespace {

Vocabulary collect() {
  Vocabulary words;
  for (const OptimizerEntry& entry : optimizer_entries()) words.optimizers.push_back(entry.spec);
  for (const CallbackEntry& entry : callback_entries()) words.callbacks.push_back(entry.spec);
  for (const Schedule& schedule : schedules()) {
    words.schedules.push_back(schedule.spec);
    if (schedule.for_training) words.epoch_schedules.push_back(schedule.spec);
  }
  for (const ActivationEntry& activation : activations()) words.activations.push_back(activation.name);
  words.initializers = initializer_names();
  return words;
}

}  // namespace

const Vocabulary& vocabulary() {
  static const Vocabulary words = collect();
  return words;
}

}  // namespace touchstone
