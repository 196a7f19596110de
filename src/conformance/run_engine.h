#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace touchstone {

/// How an engine's process ended.
struct EngineRun {
  enum class End { done, failed, killed, timed_out } end = End::done;
  int code = 0;      ///< exit status, or the signal that killed it
  std::string said;  ///< the last lines that it printed
};

/// Runs `command` by the shell, with {case} and {trace} replaced by the files, in a process group of its own that
/// is killed when the time is up or `stop` says so (then throws Interrupted). What it prints goes to `log`.
EngineRun run_engine(const std::string& command, const std::filesystem::path& case_file,
                     const std::filesystem::path& trace_file, const std::filesystem::path& log,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop);

}  // namespace touchstone
