#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace touchstone {

/// How an engine ended with a case.
struct EngineRun {
  enum class End { done, unsupported, refused, failed, killed, timed_out } end = End::done;
  int code = 0;      ///< exit status, or the signal that killed it
  std::string said;  ///< why it is `unsupported` or `refused`; else the last lines that it printed
};

/// The exit code of an engine that does not support the case, as of a skipped test of automake.
inline constexpr int exit_not_supported = 77;

struct CaseFiles {
  std::filesystem::path given;    ///< the case
  std::filesystem::path written;  ///< the trace
  std::filesystem::path log;      ///< what the engine prints
};

/// Has an engine carry out a case; may be called from several threads at once. Throws Interrupted.
using RunEngine = std::function<EngineRun(const CaseFiles& files)>;

/// Runs `command` by the shell, with {case} and {trace} replaced by the files, in a process group of its own that
/// is killed when the time is up or `stop` says so (then throws Interrupted). What it prints goes to the log.
EngineRun run_engine(const std::string& command, const CaseFiles& files, std::chrono::duration<double> limit,
                     const std::function<bool()>& stop);

/// What an engine printed, on one line, as files/printable.h shows it.
std::string on_one_line(const std::string& text);

/// The end of what it printed, likewise.
std::string last_words(const std::filesystem::path& log);

}  // namespace touchstone
