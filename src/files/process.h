#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace touchstone {

/// How a process ended.
struct ProcessEnd {
  enum class How { exited, killed, timed_out, stopped } how = How::exited;
  int code = 0;  ///< exit status, or the signal that killed it
};

/// Has /bin/sh run `command`, without input, in a process group of its own. What it prints, on stdout and stderr, is
/// all that `output` holds then. Once `limit` is over, or `stop` says so, the group is killed with all that it started.
/// Throws std::system_error if no process can be started or `output` cannot be written.
ProcessEnd run_shell(const std::string& command, const std::filesystem::path& output,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop);

/// A process that answers a line with a line: /bin/sh running `command` in a process group of its own. What it prints
/// on stderr goes to `log`. Ends, with all that it started, with this. A process that writes to one that is gone must
/// not die of it: SIGPIPE is ignored from the first of these on.
class Dialogue {
 public:
  /// Throws std::system_error if no process can be started or `log` cannot be written.
  Dialogue(const std::string& command, const std::filesystem::path& log);
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  ~Dialogue();

  /// The line that comes back (without its end), or how the process ended instead; it has ended then, killed if `limit`
  /// is over or `stop` says so, and cannot be asked again.
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
