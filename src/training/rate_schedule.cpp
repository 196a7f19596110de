#include "training/rate_schedule.h"

#include <algorithm>

#include "schedule/time_decay.h"

namespace touchstone {
namespace {

double compounded(Rate rate, double decay, std::int64_t updates) {
  for (std::int64_t update = 1; update <= updates && rate.value() > 0.0; ++update) {
    rate.set(time_decayed(rate, decay, update));
  }
  return rate.value();
}

}  // namespace

double RateSchedule::update_rate(const Rate& rate, const Progress& progress) const {
  if (is_late_by_one_update && progress.update == 0) return Rate(lr, rate.precision()).value();
  switch (decays) {
    case Decay::per_update: return time_decayed(rate, decay, progress.update);
    case Decay::per_update_from_one: return time_decayed(rate, decay, progress.update + 1);
    case Decay::per_epoch: return time_decayed(rate, decay, progress.epoch);
    case Decay::compounded: return compounded(rate, decay, progress.update);
    case Decay::none: break;
  }
  return rate.value();
}

bool operator==(const RateSchedule& a, const RateSchedule& b) {
  return std::tie(a.lr, a.decay, a.decays, a.callbacks, a.epoch_shift, a.is_late_by_one_update) ==
         std::tie(b.lr, b.decay, b.decays, b.callbacks, b.epoch_shift, b.is_late_by_one_update);
}

RunningRate::RunningRate(const RateSchedule& schedule, Precision precision)
    : rate_(schedule.lr, precision), epoch_shift_(schedule.epoch_shift) {
  for (const Component& callback : schedule.callbacks) callbacks_.push_back(make_callback(callback));
}

void RunningRate::begin_epoch(std::int64_t epoch) {
  const std::int64_t shifted = epoch + epoch_shift_;
  if (shifted < 0) return;
  for (const auto& callback : callbacks_) callback->on_epoch_begin(shifted, rate_);
}

void RunningRate::end_epoch(std::int64_t epoch, const EpochMetrics& metrics) {
  for (const auto& callback : callbacks_) callback->on_epoch_end(epoch, metrics, rate_);
}

double RunningRate::size(std::int64_t epoch) const {
  double size = 0.0;
  for (const auto& callback : callbacks_) {
    size = std::max(size, callback->size(std::max<std::int64_t>(epoch + epoch_shift_, 0)));
  }
  return size;
}

}  // namespace touchstone
