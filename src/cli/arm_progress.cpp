#include "cli/arm_progress.h"

#include <fmt/format.h>

#include "cli/duration_text.h"
#include "cli/interrupt.h"
#include "experiment/experiment.h"
#include "files/printable.h"

namespace touchstone {

ArmProgress::ArmProgress(const Experiment& experiment, bool quiet) : line_(quiet), name_(experiment.name) {
  for (const Arm& arm : experiment.arms) {
    const auto& config = std::get<RunConfig>(arm.config);
    labels_.push_back(arm.label);
    epochs_.push_back(config.fit.epochs);
    updates_per_epoch_.push_back(count_updates(config, config.data.n_train) / config.fit.epochs);
  }
  done_.resize(labels_.size(), 0);
}

void ArmProgress::on_epoch_end(std::size_t arm, std::int64_t epochs_done) {
  const std::lock_guard lock(mutex_);
  done_[arm] = epochs_done;
  if (line_.is_due()) line_.show(text());
}

void ArmProgress::on_arm_end(std::size_t arm, const History& history) {
  const std::lock_guard lock(mutex_);
  ++arms_done_;
  line_.show(line_.is_terminal() ? text()
                                 : fmt::format("{}: {} ({}/{} arms): {} updates in {:.1f} s{}", name_,
                                               printable(labels_[arm]), arms_done_, labels_.size(), history.updates,
                                               history.seconds, history.diverged ? ", diverged" : ""));
}

bool ArmProgress::stop_requested() { return interrupted(); }

std::string ArmProgress::text() const {
  double all = 0.0;
  double finished = 0.0;
  std::size_t current = 0;
  for (std::size_t arm = 0; arm < labels_.size(); ++arm) {
    all += static_cast<double>(epochs_[arm] * updates_per_epoch_[arm]);
    finished += static_cast<double>(done_[arm] * updates_per_epoch_[arm]);
    if (done_[arm] > 0 && done_[arm] < epochs_[arm]) current = arm;
  }
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const std::string left = finished > 0.0 ? duration_text(elapsed * (all - finished) / finished) : "?";
  return fmt::format("{}: {}/{} arms, {} epoch {}/{}, {:.0f} %, {} left", name_, arms_done_, labels_.size(),
                     printable(labels_[current]), done_[current], epochs_[current], 100.0 * finished / all, left);
}

}  // namespace touchstone
