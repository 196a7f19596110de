#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace touchstone {

/// How the engine's process ended.
struct EngineRun {
  enum class End { done, unsupported, refused, failed, killed, timed_out } end = End::done;
  int code = 0;         ///< exit status, or the signal that killed it
  std::string message;  ///< the reason for `unsupported` or `refused`; otherwise the last lines of the engine's output
};

/// The exit code of an engine that does not support the case; automake uses 77 for skipped tests.
inline constexpr int exit_not_supported = 77;

struct CaseFiles {
  std::filesystem::path given;    ///< the case
  std::filesystem::path written;  ///< the trace
  std::filesystem::path log;      ///< what the engine prints
};

/// Runs an engine on a case; thread-safe. Throws Interrupted.
using RunEngine = std::function<EngineRun(const CaseFiles& files)>;

/// Runs `command` in a shell, with {case} and {trace} replaced by file names. Its process group is killed at the time
/// limit or once `stop` returns true (then throws Interrupted). Its output goes to the log.
EngineRun run_engine(const std::string& command, const CaseFiles& files, std::chrono::duration<double> limit,
                     const std::function<bool()>& stop);

/// The engine's output on one line, made printable (files/printable.h).
std::string on_one_line(const std::string& text);

/// The end of the engine's output, made printable.
std::string log_tail(const std::filesystem::path& log);

}  // namespace touchstone
