#pragma once

#include <chrono>
#include <string>

namespace touchstone {

/// What a command is doing, on stderr: on a terminal one line that is rewritten, otherwise a line now and then. Errors
/// while printing are ignored.
class StatusLine {
 public:
  /// `plain_interval`: between two lines where stderr is no terminal.
  explicit StatusLine(bool quiet, std::chrono::seconds plain_interval = std::chrono::hours(24 * 365));
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { clear(); }

  bool is_terminal() const { return is_terminal_; }
  /// Whether it is time for another line.
  bool is_due() const;
  void show(const std::string& text);
  /// Erases the line of a terminal.
  void clear() const;

 private:
  bool quiet_;
  bool is_terminal_;
  std::chrono::steady_clock::duration interval_;
  std::chrono::steady_clock::time_point shown_ = std::chrono::steady_clock::now();
};

}  // namespace touchstone
