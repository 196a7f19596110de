#include "cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>

#include "cli/duration_text.h"
#include "cli/print_status.h"
#include "experiment/experiment.h"
#include "files/printable.h"
#include "results/result.h"
#include "training/train_arms.h"

namespace touchstone {
namespace {

constexpr std::chrono::milliseconds refresh{100};

}  // namespace

ProgressDisplay::ProgressDisplay(const Experiment& experiment, bool quiet)
    : name_(experiment.name), plain_(!quiet && isatty(STDERR_FILENO) == 0), terminal_(!quiet && !plain_) {
  for (const Arm& arm : experiment.arms) {
    const auto& config = std::get<RunConfig>(arm.config);
    labels_.push_back(arm.label);
    epochs_.push_back(config.fit.epochs);
    updates_per_epoch_.push_back(count_updates(config, config.data.n_train) / config.fit.epochs);
  }
  done_.resize(labels_.size(), 0);
}

ProgressDisplay::~ProgressDisplay() {
  if (terminal_) clear_line();
}

void ProgressDisplay::epochs_done(std::size_t arm, std::int64_t epochs) {
  const std::lock_guard lock(mutex_);
  done_[arm] = epochs;
  if (terminal_ && std::chrono::steady_clock::now() - shown_ > refresh) rewrite_line();
}

void ProgressDisplay::arm_done(std::size_t arm, const History& history) {
  const std::lock_guard lock(mutex_);
  ++arms_done_;
  if (plain_) {
    print_status("{}: {} ({}/{} arms): {} updates in {:.1f} s{}\n", name_, printable(labels_[arm]), arms_done_,
                 labels_.size(), history.updates, history.seconds, history.diverged ? ", diverged" : "");
  }
  if (terminal_) rewrite_line();
}

void ProgressDisplay::rewrite_line() {
  shown_ = std::chrono::steady_clock::now();
  double all = 0.0;
  double finished = 0.0;
  std::size_t current = 0;
  for (std::size_t arm = 0; arm < labels_.size(); ++arm) {
    all += static_cast<double>(epochs_[arm] * updates_per_epoch_[arm]);
    finished += static_cast<double>(done_[arm] * updates_per_epoch_[arm]);
    if (done_[arm] > 0 && done_[arm] < epochs_[arm]) current = arm;
  }
  const double elapsed = std::chrono::duration<double>(shown_ - begin_).count();
  const std::string left = finished > 0.0 ? duration_text(elapsed * (all - finished) / finished) : "?";
  clear_line();
  print_status("{}: {}/{} arms, {} epoch {}/{}, {:.0f} %, {} left", name_, arms_done_, labels_.size(),
               printable(labels_[current]), done_[current], epochs_[current], 100.0 * finished / all, left);
  std::fflush(stderr);
}

void ProgressDisplay::clear_line() { print_status("\r\x1b[K"); }

}  // namespace touchstone
