#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
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

/// `text` as one word of a shell's command.
std::string shell_quoted(const std::string& text);

}  // namespace touchstone
