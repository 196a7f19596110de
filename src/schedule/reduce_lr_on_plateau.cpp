#include "schedule/reduce_lr_on_plateau.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "data/epoch_metrics.h"

namespace touchstone {
namespace {

bool is_maximised(const ReduceLROnPlateau::Options& options) {
  return options.mode == "max" || (options.mode == "auto" && options.monitor.find("acc") != std::string::npos);
}

ReduceLROnPlateau::Options plateau_options(const Component& config) {
  ReduceLROnPlateau::Options options;
  options.monitor = config.text("monitor");
  options.factor = config.number("factor");
  options.patience = config.integer("patience");
  options.min_delta = config.number("min_delta");
  options.cooldown = config.integer("cooldown");
  options.min_lr = config.number("min_lr");
  options.mode = config.text("mode");
  options.is_relative = config.flag_or("is_relative", false);
  options.keeps_wait = config.flag_or("keeps_wait", false);
  return options;
}

}  // namespace

ReduceLROnPlateau::ReduceLROnPlateau(Options options)
    : options_(std::move(options)),
      maximised_(is_maximised(options_)),
      best_(maximised_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity()) {}

void ReduceLROnPlateau::on_epoch_end(std::int64_t /*epoch*/, const EpochMetrics& metrics, Rate& rate) {
  const double current = metric(metrics, options_.monitor);
  if (in_cooldown()) {
    --cooldown_counter_;
    wait_ = 0;
  }
  if (improved(current)) {
    best_ = current;
    wait_ = 0;
  } else if (!in_cooldown() && ++wait_ >= options_.patience) {
    drop(rate);
  }
}

bool ReduceLROnPlateau::improved(double current) const {
  const double delta = maximised_ ? options_.min_delta : -options_.min_delta;
  const double bound = options_.is_relative ? best_ * (1.0 + (best_ < 0.0 ? -delta : delta)) : best_ + delta;
  return maximised_ ? current > bound : current < bound;
}

void ReduceLROnPlateau::drop(Rate& rate) {
  if (!(rate.value() > options_.min_lr)) return;
  rate.set(std::max(rate.value() * options_.factor, options_.min_lr));
  cooldown_counter_ = options_.cooldown;
  if (!options_.keeps_wait) wait_ = 0;
}

CallbackEntry reduce_lr_on_plateau() {
  const ReduceLROnPlateau::Options defaults;
  constexpr Range epochs{0.0, 1e15, false, false};  // "never" is a large number
  return {{"ReduceLROnPlateau",
           {{"monitor", defaults.monitor, any_number, metric_names()},
            {"factor", defaults.factor, Range{0.0, 1.0, false, true}},
            {"patience", defaults.patience, epochs},
            {"min_delta", defaults.min_delta, at_least_zero},
            {"cooldown", defaults.cooldown, epochs},
            {"min_lr", defaults.min_lr, at_least_zero},
            {"mode", defaults.mode, any_number, {"auto", "min", "max"}}}},
          [](const Component& config) -> std::unique_ptr<Callback> {
            return std::make_unique<ReduceLROnPlateau>(plateau_options(config));
          }};
}

}  // namespace touchstone
