#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace touchstone {

/// How a process ended. Whatever it left running in its process group is killed then.
struct ProcessEnd {
  enum class How {
    exited,
    killed,
    timed_out,  ///< killed at the limit
    stopped,    ///< killed since `stop` said so
    flooded     ///< killed since it printed a line without end
  } how = How::exited;
  int code = 0;  ///< exit status, or the signal that killed it; 0 if this process ignores SIGCHLD
};

/// Has /bin/sh run `command`, without input, in a process group of its own. What it prints, on stdout and stderr, is
/// all that `output` holds then. Once `limit` is over, or `stop` says so, the group is killed.
/// Throws std::system_error if no process can be started or `output` cannot be written.
ProcessEnd run_shell(const std::string& command, const std::filesystem::path& output,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop);

/// What a command made of its input.
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
class Dialogue {
 public:
  /// Throws std::system_error if no process can be started or `log` cannot be written.
  Dialogue(const std::string& command, const std::filesystem::path& log);
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  ~Dialogue();

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
