#include "cli/status_line.h"

#include <unistd.h>

#include <cstdio>

#include "cli/print_status.h"

namespace touchstone {
namespace {

constexpr std::chrono::milliseconds terminal_interval{100};
constexpr const char* erase_line = "\r\x1b[K";

}  // namespace

StatusLine::StatusLine(bool quiet, std::chrono::seconds plain_interval)
    : quiet_(quiet), is_terminal_(!quiet && isatty(STDERR_FILENO) != 0), interval_(plain_interval) {
  if (is_terminal_) interval_ = terminal_interval;
}

bool StatusLine::is_due() const { return !quiet_ && std::chrono::steady_clock::now() - shown_ > interval_; }

void StatusLine::show(const std::string& text) {
  if (quiet_) return;
  shown_ = std::chrono::steady_clock::now();
  print_status("{}{}{}", is_terminal_ ? erase_line : "", text, is_terminal_ ? "" : "\n");
}

void StatusLine::clear() const {
  if (is_terminal_) print_status("{}", erase_line);
}

}  // namespace touchstone
