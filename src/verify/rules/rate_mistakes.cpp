#include <algorithm>
#include <memory>
#include <utility>

#include "schedule/reduce_lr_on_plateau.h"
#include "schedule/time_decay.h"
#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

using RateFunction = double (*)(const Rate&, const OptimizerConfig&, const Progress&);

std::vector<Setup> decayed_by(const Setup& right, RateFunction rate) {
  if (!(right.config.optimizer.number("decay") > 0.0)) return {};
  Setup setup = right;
  setup.recipe.update_rate = rate;
  return {setup};
}

double by_epoch(const Rate& rate, const OptimizerConfig& optimizer, const Progress& progress) {
  return time_decayed(rate, optimizer.number("decay"), progress.epoch);
}

double undecayed(const Rate& rate, const OptimizerConfig& /*optimizer*/, const Progress& /*progress*/) {
  return rate.value();
}

double from_one(const Rate& rate, const OptimizerConfig& optimizer, const Progress& progress) {
  return time_decayed(rate, optimizer.number("decay"), progress.update + 1);
}

double cumulative(const Rate& rate, const OptimizerConfig& optimizer, const Progress& progress) {
  Rate decayed = rate;
  for (std::int64_t update = 1; update <= progress.update && decayed.value() > 0.0; ++update) {
    decayed.set(time_decayed(decayed, optimizer.number("decay"), update));
  }
  return decayed.value();
}

bool is_plateau(const Component& callback) { return callback.name == "ReduceLROnPlateau"; }

/// The run with one argument of its plateau schedule changed.
template <typename Change>
std::vector<Setup> with_plateau(const Setup& right, const Change& change) {
  Setup setup = right;
  bool changed = false;
  for (Component& callback : setup.config.callbacks) {
    if (!is_plateau(callback)) continue;
    changed = true;
    change(callback);
  }
  return changed ? std::vector<Setup>{setup} : std::vector<Setup>{};
}

/// Judges an improvement relative to the best value, as PyTorch's scheduler does by default.
class RelativePlateau : public ReduceLROnPlateau {
 public:
  using ReduceLROnPlateau::ReduceLROnPlateau;

 protected:
  bool improved(double current) const override {
    const double delta = options().min_delta * (best() < 0.0 ? -1.0 : 1.0);
    return maximised() ? current > best() * (1.0 + delta) : current < best() * (1.0 - delta);
  }
};

std::vector<Setup> relative_delta(const Setup& right) {
  if (std::none_of(right.config.callbacks.begin(), right.config.callbacks.end(), is_plateau)) return {};
  Setup setup = right;
  setup.recipe.make_callback = [](const Component& config) -> std::unique_ptr<Callback> {
    if (!is_plateau(config)) return make_callback(config);
    return std::make_unique<RelativePlateau>(plateau_options(config));
  };
  return {setup};
}

/// A schedule that is asked for the rate of another epoch.
class ShiftedSchedule : public Callback {
 public:
  ShiftedSchedule(std::unique_ptr<Callback> schedule, std::int64_t shift)
      : schedule_(std::move(schedule)), shift_(shift) {}

  void on_epoch_begin(std::int64_t epoch, Rate& rate) override {
    if (epoch + shift_ >= 0) schedule_->on_epoch_begin(epoch + shift_, rate);
  }
  double size(std::int64_t epoch) const override { return schedule_->size(std::max<std::int64_t>(epoch + shift_, 0)); }

 private:
  std::unique_ptr<Callback> schedule_;
  std::int64_t shift_;
};

bool is_schedule(const Component& callback) { return callback.name == "LearningRateScheduler"; }

bool has_schedule(const Setup& right) {
  const std::vector<Component>& callbacks = right.config.callbacks;
  return std::any_of(callbacks.begin(), callbacks.end(), is_schedule);
}

Setup with_shifted_schedule(const Setup& right, std::int64_t shift) {
  Setup setup = right;
  setup.recipe.make_callback = [shift, make = right.recipe.make_callback](const Component& config) {
    std::unique_ptr<Callback> callback = make(config);
    if (is_schedule(config)) callback = std::make_unique<ShiftedSchedule>(std::move(callback), shift);
    return callback;
  };
  return setup;
}

std::vector<Setup> schedule_early(const Setup& right) {
  return has_schedule(right) ? std::vector<Setup>{with_shifted_schedule(right, 1)} : std::vector<Setup>{};
}

/// But for a step schedule that begins with the optimizer's own rate, of which this is step_schedule_epoch.
std::vector<Setup> schedule_late(const Setup& right) {
  const auto is_distinct = [&](const Component& callback) {
    return is_schedule(callback) && !(callback.text("schedule") == "step_decay" &&
                                      callback.number("initial_lrate") == right.config.optimizer.number("lr"));
  };
  const std::vector<Component>& callbacks = right.config.callbacks;
  if (std::none_of(callbacks.begin(), callbacks.end(), is_distinct)) return {};
  return {with_shifted_schedule(right, -1)};
}

std::vector<Setup> epoch_without_one(const Setup& right) {
  Setup setup = right;
  bool changed = false;
  for (Component& callback : setup.config.callbacks) {
    const auto schedule = callback.arguments.find("schedule");
    if (schedule == callback.arguments.end() || std::get<std::string>(schedule->second) != "step_decay") continue;
    changed = true;
    schedule->second = std::string("drop");
  }
  return changed ? std::vector<Setup>{setup} : std::vector<Setup>{};
}

}  // namespace

std::vector<Mistake> rate_mistakes() {
  return {
      {"decay_by_epoch", "decay counts epochs instead of updates; Keras computes lr / (1 + decay * updates)",
       [](const Setup& right) { return decayed_by(right, by_epoch); }},
      {"decay_from_one", "decay counts updates from 1 instead of 0: the first update uses the undecayed rate",
       [](const Setup& right) { return decayed_by(right, from_one); }},
      {"decay_cumulative", "decay divides the previous rate instead of the initial one: lr / (1 + decay * updates)",
       [](const Setup& right) { return decayed_by(right, cumulative); }},
      {"plateau_late",
       "the plateau schedule drops the rate one epoch late, when wait > patience instead of wait >= patience",
       [](const Setup& right) {
         return with_plateau(right, [](Component& plateau) {
           plateau.arguments["patience"] = std::max<std::int64_t>(plateau.integer("patience"), 0) + 1;
         });
       }},
      {"plateau_relative_min_delta",
       "min_delta is relative to the best value, as in PyTorch, instead of absolute, as in Keras", &relative_delta},
      {"plateau_cooldown_ignored", "ignores the plateau schedule's cooldown",
       [](const Setup& right) {
         return with_plateau(right, [](Component& plateau) { plateau.arguments["cooldown"] = std::int64_t{0}; });
       }},
      {"plateau_early", "the plateau schedule drops the rate one epoch early: it also counts the best epoch",
       [](const Setup& right) {
         return with_plateau(right, [](Component& plateau) {
           plateau.arguments["patience"] = std::max<std::int64_t>(plateau.integer("patience") - 1, 1);
         });
       }},
      {"plateau_cooldown_longer",
       "the plateau schedule's cooldown lasts one epoch longer, as in PyTorch: it does not count the first epoch after "
       "a drop",
       [](const Setup& right) {
         return with_plateau(right, [](Component& plateau) {
           const std::int64_t cooldown = plateau.integer("cooldown");
           plateau.arguments["cooldown"] = cooldown > 0 ? cooldown + 1 : cooldown;
         });
       }},
      {"decay_ignored", "ignores decay: the rate is the schedule's, undecayed",
       [](const Setup& right) { return decayed_by(right, undecayed); }},
      {"callbacks_ignored", "ignores the callbacks: the rate is the optimizer's own",
       [](const Setup& right) {
         Setup setup = right;
         setup.config.callbacks.clear();
         return right.config.callbacks.empty() ? std::vector<Setup>{} : std::vector<Setup>{setup};
       }},
      {"plateau_min_lr_ignored", "the plateau schedule drops the rate below min_lr",
       [](const Setup& right) {
         return with_plateau(right, [](Component& plateau) { plateau.arguments["min_lr"] = 0.0; });
       }},
      {"step_schedule_epoch",
       "the step schedule uses floor(epoch / epochs_drop) instead of floor((1 + epoch) / epochs_drop)",
       &epoch_without_one},
      {"schedule_early", "the schedule is one epoch early: it counts epochs from 1 instead of 0", &schedule_early},
      {"schedule_late", "the schedule is one epoch late: the first epoch uses the optimizer's own rate",
       &schedule_late},
  };
}

}  // namespace touchstone
