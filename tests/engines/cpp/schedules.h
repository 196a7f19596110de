// What changes the rate: time decay before each update, and the callbacks between epochs (keras/callbacks.py).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "mistakes.h"

namespace example {

// lr / (1 + decay * updates done), in the run's own precision.
template <typename Real>
Real decayed_rate(Real lr, double decay, std::int64_t update, std::int64_t epoch, const Mistakes& mistakes) {
  if (!(decay > 0) || mistakes.made("decay_ignored", update)) return lr;
  const auto factor = [decay](std::int64_t count) {
    return Real(1) / (Real(1) + static_cast<Real>(decay) * static_cast<Real>(count));
  };
  if (mistakes.made("decay_by_epoch", update)) return lr * factor(epoch);
  if (mistakes.made("decay_from_one", update)) return lr * factor(update + 1);
  if (mistakes.made("decay_cumulative", update)) {
    for (std::int64_t count = 1; count <= update; ++count) lr *= factor(count);
    return lr;
  }
  return lr * factor(update);
}

// One callback of the run. The rate is a variable of the run's precision; what is computed with it, is in double.
template <typename Real>
class RateCallback {
 public:
  RateCallback(nlohmann::json config, const Mistakes& mistakes) : config_(std::move(config)), mistakes_(mistakes) {
    if (is_plateau()) {
      const auto mode = config_.at("mode").template get<std::string>();
      const auto monitor = config_.at("monitor").template get<std::string>();
      maximised_ = mode == "max" || (mode == "auto" && monitor.find("acc") != std::string::npos);
      best_ = maximised_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    }
  }

  void on_epoch_begin(std::int64_t epoch, std::int64_t update, Real& lr) const {
    if (is_plateau()) return;
    if (mistakes_.made("schedule_early", update)) ++epoch;
    if (mistakes_.made("schedule_late", update) && epoch-- == 0) return;
    const std::int64_t warmup = config_.value("warmup_epochs", std::int64_t{0});
    if (epoch < warmup) {
      const bool is_of_present = epoch > 0 && mistakes_.made("warm_up_of_present_rate", update);
      const double full = is_of_present ? static_cast<double>(lr) : scheduled(0, update);
      lr = static_cast<Real>(full * warm_up_share(static_cast<double>(epoch), static_cast<double>(warmup), update));
    } else if (mistakes_.made("warm_up_counted_by_schedule", update)) {
      lr = static_cast<Real>(scheduled(epoch, update));
    } else if (warmup > 0 && epoch == warmup && mistakes_.made("warm_up_cosine_recursion", update)) {
      lr = static_cast<Real>(recursed_from_full());
    } else {
      lr = static_cast<Real>(scheduled(epoch - warmup, update));
    }
  }

  double warm_up_share(double epoch, double warmup, std::int64_t update) const {
    if (mistakes_.made("warm_up_next_step", update)) return (epoch + 1.0) / warmup;
    if (mistakes_.made("warm_up_next_of_one_more", update)) return (epoch + 1.0) / (warmup + 1.0);
    const double start = config_.value("warmup_start", 1.0 / 3.0);
    return start + (1.0 - start) * epoch / warmup;
  }

  // PyTorch's recursion of a cosine, at its first epoch.
  double recursed_from_full() const {
    const double least = number("alpha") * number("initial_lrate");
    return least + 2.0 * (number("initial_lrate") - least) / (1.0 + std::cos(std::acos(-1.0) / number("decay_epochs")));
  }

  double scheduled(std::int64_t epoch, std::int64_t update) const {
    const auto schedule = config_.at("schedule").template get<std::string>();
    if (schedule == "exponential") return number("initial_lrate") * std::exp(-number("k") * static_cast<double>(epoch));
    if (schedule == "cosine") {
      const double done = std::min(static_cast<double>(epoch) / number("decay_epochs"), 1.0);
      const double half = 0.5 * (1.0 + std::cos(std::acos(-1.0) * done));
      return number("initial_lrate") * ((1.0 - number("alpha")) * half + number("alpha"));
    }
    {
      const bool from_one = schedule == "step_decay" && !mistakes_.made("step_schedule_epoch", update);
      const double drops = std::floor(static_cast<double>(from_one ? epoch + 1 : epoch) / number("epochs_drop"));
      return number("initial_lrate") * std::pow(number("drop"), drops);
    }
  }

  void on_epoch_end(const std::map<std::string, double>& metrics, std::int64_t update, Real& lr) {
    if (!is_plateau()) return;
    const double current = metrics.at(config_.at("monitor").template get<std::string>());
    const double min_lr = mistakes_.made("plateau_min_lr_ignored", update) ? 0.0 : number("min_lr");
    double patience = number("patience") + (mistakes_.made("plateau_late", update) ? 1.0 : 0.0);
    if (mistakes_.made("plateau_early", update)) patience = std::max(patience - 1.0, 1.0);
    if (cooldown_ > 0) {
      --cooldown_;
      wait_ = 0;
    }
    if (improved(current, update)) {
      best_ = current;
      wait_ = 0;
    } else if (cooldown_ == 0 && ++wait_ >= patience && static_cast<double>(lr) > min_lr) {
      lr = static_cast<Real>(std::max(static_cast<double>(lr) * number("factor"), min_lr));
      cooldown_ = mistakes_.made("plateau_cooldown_ignored", update) ? 0 : config_.at("cooldown").template get<int>();
      if (mistakes_.made("plateau_cooldown_longer", update) && cooldown_ > 0) ++cooldown_;
      if (!mistakes_.made("plateau_keeps_wait", update)) wait_ = 0;
    }
  }

 private:
  bool is_plateau() const { return config_.at("name") == "ReduceLROnPlateau"; }
  double number(const char* argument) const { return config_.at(argument).template get<double>(); }

  bool improved(double current, std::int64_t update) const {
    double delta = number("min_delta");
    if (mistakes_.made("plateau_relative_min_delta", update)) delta *= std::isinf(best_) ? 0.0 : std::abs(best_);
    return maximised_ ? current > best_ + delta : current < best_ - delta;
  }

  nlohmann::json config_;
  const Mistakes& mistakes_;
  bool maximised_ = false;
  double best_ = 0;
  double wait_ = 0;
  int cooldown_ = 0;
};

}  // namespace example
