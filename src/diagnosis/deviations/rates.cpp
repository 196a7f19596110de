#include <algorithm>
#include <utility>

#include "diagnosis/training_deviations.h"
#include "schedule/warm_up.h"

namespace touchstone {
namespace {

using Specs = std::vector<TrainingSpec>;

Specs decayed(const TrainingSpec& declared, RateSchedule::Decay decays) {
  if (!(declared.rates.decay > 0.0)) return {};
  TrainingSpec spec = declared;
  spec.rates.decays = decays;
  return {spec};
}

bool is_plateau(const Component& callback) { return callback.name == "ReduceLROnPlateau"; }

/// The run with one argument of its plateau schedule changed.
template <typename Change>
Specs with_plateau(const TrainingSpec& declared, const Change& change) {
  TrainingSpec spec = declared;
  bool changed = false;
  for (Component& callback : spec.rates.callbacks) {
    if (!is_plateau(callback)) continue;
    changed = true;
    change(callback);
  }
  return changed ? Specs{spec} : Specs{};
}

bool is_schedule(const Component& callback) { return callback.name == "LearningRateScheduler"; }

bool has_schedule(const TrainingSpec& declared) {
  const std::vector<Component>& callbacks = declared.rates.callbacks;
  return std::any_of(callbacks.begin(), callbacks.end(), is_schedule);
}

TrainingSpec with_shifted_schedule(const TrainingSpec& declared, std::int64_t shift) {
  TrainingSpec spec = declared;
  spec.rates.epoch_shift = shift;
  return spec;
}

/// The run with another form of its schedule's warm-up.
Specs with_warm_up(const TrainingSpec& declared, WarmUp::Form form) {
  TrainingSpec spec = declared;
  bool changed = false;
  for (Component& callback : spec.rates.callbacks) {
    if (!is_schedule(callback) || warm_up_of(callback).steps == 0) continue;
    if (form == WarmUp::Form::cosine_recursion && callback.text("schedule") != "cosine") continue;
    changed = true;
    callback.arguments[WarmUp::form_argument] = static_cast<std::int64_t>(form);
  }
  return changed ? Specs{spec} : Specs{};
}

Specs schedule_early(const TrainingSpec& declared) {
  return has_schedule(declared) ? Specs{with_shifted_schedule(declared, 1)} : Specs{};
}

/// But for a step schedule that begins with the optimizer's own rate, of which this is step_schedule_epoch.
Specs schedule_late(const TrainingSpec& declared) {
  const auto is_distinct = [&](const Component& callback) {
    return is_schedule(callback) &&
           !(callback.text("schedule") == "step_decay" && callback.number("initial_lrate") == declared.rates.lr);
  };
  const std::vector<Component>& callbacks = declared.rates.callbacks;
  if (std::none_of(callbacks.begin(), callbacks.end(), is_distinct)) return {};
  return {with_shifted_schedule(declared, -1)};
}

Specs epoch_without_one(const TrainingSpec& declared) {
  TrainingSpec spec = declared;
  bool changed = false;
  for (Component& callback : spec.rates.callbacks) {
    const auto schedule = callback.arguments.find("schedule");
    if (schedule == callback.arguments.end() || std::get<std::string>(schedule->second) != "step_decay") continue;
    changed = true;
    schedule->second = std::string("drop");
  }
  return changed ? Specs{spec} : Specs{};
}

}  // namespace

std::vector<TrainingDeviation> rate_deviations() {
  return {
      {"decay_by_epoch", "decay counts epochs instead of updates; Keras computes lr / (1 + decay * updates)",
       [](const TrainingSpec& declared) { return decayed(declared, RateSchedule::Decay::per_epoch); }},
      {"decay_from_one", "decay counts updates from 1 instead of 0: the first update uses the undecayed rate",
       [](const TrainingSpec& declared) { return decayed(declared, RateSchedule::Decay::per_update_from_one); }},
      {"decay_cumulative", "decay divides the previous rate instead of the initial one: lr / (1 + decay * updates)",
       [](const TrainingSpec& declared) { return decayed(declared, RateSchedule::Decay::compounded); }},
      {"plateau_late",
       "the plateau schedule drops the rate one epoch late, when wait > patience instead of wait >= patience",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) {
           plateau.arguments["patience"] = std::max<std::int64_t>(plateau.integer("patience"), 0) + 1;
         });
       }},
      {"plateau_relative_min_delta",
       "min_delta is relative to the best value, as in PyTorch, instead of absolute, as in Keras",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) { plateau.arguments["is_relative"] = true; });
       }},
      {"plateau_cooldown_ignored", "ignores the plateau schedule's cooldown",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) { plateau.arguments["cooldown"] = std::int64_t{0}; });
       }},
      {"plateau_early", "the plateau schedule drops the rate one epoch early: it also counts the best epoch",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) {
           plateau.arguments["patience"] = std::max<std::int64_t>(plateau.integer("patience") - 1, 1);
         });
       }},
      {"plateau_cooldown_longer",
       "the plateau schedule's cooldown lasts one epoch longer, as in PyTorch: it does not count the first epoch after "
       "a drop",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) {
           const std::int64_t cooldown = plateau.integer("cooldown");
           plateau.arguments["cooldown"] = cooldown > 0 ? cooldown + 1 : cooldown;
         });
       }},
      {"decay_ignored", "ignores decay: the rate is the schedule's, undecayed",
       [](const TrainingSpec& declared) { return decayed(declared, RateSchedule::Decay::none); }},
      {"callbacks_ignored", "ignores the callbacks: the rate is the optimizer's own",
       [](const TrainingSpec& declared) {
         TrainingSpec spec = declared;
         spec.rates.callbacks.clear();
         return declared.rates.callbacks.empty() ? Specs{} : Specs{spec};
       }},
      {"plateau_min_lr_ignored", "the plateau schedule drops the rate below min_lr",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) { plateau.arguments["min_lr"] = 0.0; });
       }},
      {"step_schedule_epoch",
       "the step schedule uses floor(epoch / epochs_drop) instead of floor((1 + epoch) / epochs_drop)",
       &epoch_without_one},
      {"schedule_early", "the schedule is one epoch early: it counts epochs from 1 instead of 0", &schedule_early},
      {"plateau_keeps_wait", "the plateau schedule keeps counting after a drop: it does not set wait back to 0",
       [](const TrainingSpec& declared) {
         return with_plateau(declared, [](Component& plateau) { plateau.arguments["keeps_wait"] = true; });
       }},
      {"warm_up_next_step", "the warm-up is (epoch + 1) / warmup_epochs of the full rate",
       [](const TrainingSpec& declared) { return with_warm_up(declared, WarmUp::Form::next_step); }},
      {"warm_up_next_of_one_more", "the warm-up is (epoch + 1) / (warmup_epochs + 1) of the full rate",
       [](const TrainingSpec& declared) { return with_warm_up(declared, WarmUp::Form::next_of_one_more); }},
      {"warm_up_of_present_rate", "the warm-up takes its share of the present rate instead of the full one",
       [](const TrainingSpec& declared) { return with_warm_up(declared, WarmUp::Form::of_present_rate); }},
      {"warm_up_counted_by_schedule",
       "after the warm-up the schedule counts epochs from the start instead of from the end of the warm-up",
       [](const TrainingSpec& declared) { return with_warm_up(declared, WarmUp::Form::schedule_from_first_step); }},
      {"warm_up_cosine_recursion",
       "the first epoch after the warm-up applies the cosine's recursion to the full rate, which raises it above that",
       [](const TrainingSpec& declared) { return with_warm_up(declared, WarmUp::Form::cosine_recursion); }},
      {"schedule_late_by_one_update",
       "the first update uses the optimizer's own rate; the schedule sets the rate from the second update on",
       [](const TrainingSpec& declared) {
         TrainingSpec spec = declared;
         spec.rates.is_late_by_one_update = true;
         return has_schedule(declared) ? Specs{spec} : Specs{};
       }},
      {"schedule_late", "the schedule is one epoch late: the first epoch uses the optimizer's own rate",
       &schedule_late},
  };
}

}  // namespace touchstone
