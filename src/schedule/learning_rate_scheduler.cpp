#include "schedule/callback.h"
#include "schedule/schedules.h"
#include "schedule/warm_up.h"

namespace touchstone {
namespace {

/// Sets the rate at each epoch's begin; the optimizer's own is ignored (keras/callbacks.py).
class LearningRateScheduler : public Callback {
 public:
  explicit LearningRateScheduler(const Component& config)
      : arguments_(config), schedule_(find_schedule(config.text("schedule"))) {}

  void on_epoch_begin(std::int64_t epoch, Rate& rate) override {
    const WarmUp warm_up = warm_up_of(arguments_);
    const bool is_of_present = warm_up.form == WarmUp::Form::of_present_rate && epoch > 0 && epoch < warm_up.steps;
    rate.set(is_of_present ? rate.value() * warm_up.share(epoch) : rate_at(schedule_, arguments_, epoch));
  }
  double size(std::int64_t epoch) const override { return size_at(schedule_, arguments_, epoch); }

 private:
  Component arguments_;
  const Schedule& schedule_;
};

}  // namespace

CallbackEntry learning_rate_scheduler() {
  return {{"LearningRateScheduler", {}}, [](const Component& config) -> std::unique_ptr<Callback> {
            return std::make_unique<LearningRateScheduler>(config);
          }};
}

}  // namespace touchstone
