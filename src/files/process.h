#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace touchstone {

/// How a process ended. The rest of its process group is killed then.
struct ProcessEnd {
  enum class How {
    exited,
    killed,
    timed_out,  ///< killed at the limit
    stopped,    ///< killed because `stop` returned true
    flooded     ///< killed because it printed an endless line
  } how = How::exited;
  int code = 0;  ///< exit status, or the signal that killed it; 0 if this process ignores SIGCHLD
};

/// Runs `command` with /bin/sh, without input, in its own process group. Its stdout and stderr go to the file `output`.
/// The group is killed at the time limit or once `stop` returns true. Throws std::system_error if no process can be
/// started or `output` cannot be written.
ProcessEnd run_shell(const std::string& command, const std::filesystem::path& output,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop);

/// The output of a command.
struct FilterResult {
  ProcessEnd end;
  std::string output;
  std::string errors;  ///< what it printed on stderr, the first 64 KiB
};

/// The same with its stdin written by `write`, which closes the file and runs in another thread, and with what the
/// command prints returned.
FilterResult run_filter(const std::string& command, const std::function<void(std::FILE*)>& write,
                        std::chrono::duration<double> limit, const std::function<bool()>& stop);

/// A process that answers a line with a line: /bin/sh running `command` in a process group of its own. What it prints
/// on stderr goes to `log`. Ends, with all that it started, with this.
class LineServer {
 public:
  /// Throws std::system_error if no process can be started or `log` cannot be written.
  LineServer(const std::string& command, const std::filesystem::path& log);
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;
  ~LineServer();

  /// The line that comes back (without its end), or how the process ended instead; it has ended then, killed if `limit`
  /// is over, `stop` says so, or the line is longer than 64 KiB, and cannot be asked again.
  struct Answer {
    std::optional<std::string> line;
    ProcessEnd end;
  };
  Answer ask(const std::string& line, std::chrono::duration<double> limit, const std::function<bool()>& stop);

  bool has_ended() const;

 private:
  class Process;
  std::unique_ptr<Process> process_;
};

/// `text` as one word of a shell's command.
std::string shell_quoted(const std::string& text);

}  // namespace touchstone
