#include "cli/study_progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <numeric>

#include "cli/duration_text.h"
#include "cli/interrupt.h"
#include "cli/print_status.h"

namespace touchstone {
namespace {

constexpr std::chrono::milliseconds terminal_refresh{100};
constexpr std::chrono::seconds plain_refresh{30};

}  // namespace

StudyProgress::StudyProgress(std::vector<double> costs, bool quiet)
    : costs_(std::move(costs)), quiet_(quiet), terminal_(!quiet && isatty(STDERR_FILENO) != 0) {}

StudyProgress::~StudyProgress() {
  if (terminal_) print_status("\r\x1b[K");
}

void StudyProgress::begin(std::size_t experiment, const std::string& name) {
  const std::lock_guard lock(mutex_);
  experiment_ = experiment;
  name_ = name;
  before_ = 0.0;
  now_ = 0.0;
}

void StudyProgress::end() {
  const std::lock_guard lock(mutex_);
  ended_ += now_;
  if (terminal_) print_status("\r\x1b[K");
}

void StudyProgress::on_progress(double before, double now) {
  const std::lock_guard lock(mutex_);
  before_ = before;
  now_ = now;
  const auto since = std::chrono::steady_clock::now() - shown_;
  if (!quiet_ && (terminal_ ? since > terminal_refresh : since > plain_refresh)) show();
}

bool StudyProgress::stop_requested() { return interrupted(); }

void StudyProgress::show() {
  shown_ = std::chrono::steady_clock::now();
  const double elapsed = std::chrono::duration<double>(shown_ - begin_).count();
  const double later =
      std::accumulate(costs_.begin() + static_cast<std::ptrdiff_t>(experiment_) + 1, costs_.end(), 0.0);
  const double left = costs_[experiment_] - before_ - now_ + later;
  const double done = ended_ + now_;
  const std::string until = done > 0.0 ? duration_text(elapsed * left / done) : "?";
  print_status("{}{} ({}/{}): {:.0f} %, {} left{}{}", terminal_ ? "\r\x1b[K" : "", name_, experiment_ + 1,
               costs_.size(), 100.0 * (before_ + now_) / costs_[experiment_], until,
               costs_.size() > 1 ? " for all" : "", terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace touchstone
