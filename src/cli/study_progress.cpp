#include "cli/study_progress.h"

#include <fmt/format.h>

#include <numeric>

#include "cli/duration_text.h"
#include "cli/interrupt.h"

namespace touchstone {
namespace {

constexpr std::chrono::seconds plain_interval{30};

}  // namespace

StudyProgress::StudyProgress(std::vector<double> costs, bool quiet)
    : costs_(std::move(costs)), line_(quiet, plain_interval) {}

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
  line_.clear();
}

void StudyProgress::on_progress(double before, double now) {
  const std::lock_guard lock(mutex_);
  before_ = before;
  now_ = now;
  if (line_.is_due()) line_.show(text());
}

bool StudyProgress::stop_requested() { return interrupted(); }

std::string StudyProgress::text() const {
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const double later =
      std::accumulate(costs_.begin() + static_cast<std::ptrdiff_t>(experiment_) + 1, costs_.end(), 0.0);
  const double left = costs_[experiment_] - before_ - now_ + later;
  const double done = ended_ + now_;
  const std::string until = done > 0.0 ? duration_text(elapsed * left / done) : "?";
  return fmt::format("{} ({}/{}): {:.0f} %, {} left{}", name_, experiment_ + 1, costs_.size(),
                     100.0 * (before_ + now_) / costs_[experiment_], until, costs_.size() > 1 ? " for all" : "");
}

}  // namespace touchstone
