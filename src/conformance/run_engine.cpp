#include "conformance/run_engine.h"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/process.hpp>
#include <fstream>
#include <thread>

#include "training/observer.h"

namespace touchstone {
namespace {

namespace process = boost::process;

std::string shell_quoted(std::string text) {
  boost::replace_all(text, "'", R"('\'')");
  return "'" + text + "'";
}

/// The end of what was printed, on one line, without what would upset a terminal.
std::string last_words(const std::filesystem::path& log) {
  constexpr std::streamoff length = 300;
  std::ifstream stream(log, std::ios::binary | std::ios::ate);
  const std::streamoff size = std::max<std::streamoff>(stream.tellg(), 0);
  stream.seekg(std::max<std::streamoff>(0, size - length));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = c == '\n' ? ' ' : '?';
  }
  boost::trim(text);
  return text;
}

}  // namespace

EngineRun run_engine(const std::string& command, const std::filesystem::path& case_file,
                     const std::filesystem::path& trace_file, const std::filesystem::path& log,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop) {
  std::string filled = command;
  boost::replace_all(filled, "{case}", shell_quoted(case_file.string()));
  boost::replace_all(filled, "{trace}", shell_quoted(trace_file.string()));

  const auto deadline = std::chrono::steady_clock::now() + limit;
  process::group group;
  process::child child("/bin/sh", "-c", filled,
                       process::std_in<process::null, (process::std_out & process::std_err)> log.string(), group);
  EngineRun result;
  std::error_code ignored;
  while (child.running(ignored)) {
    const bool interrupted = stop();
    if (interrupted || std::chrono::steady_clock::now() > deadline) {
      group.terminate(ignored);
      child.wait(ignored);
      if (interrupted) throw Interrupted();
      result.end = EngineRun::End::timed_out;
      result.said = last_words(log);
      return result;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const int status = child.native_exit_code();
  if (WIFSIGNALED(status)) {
    result.end = EngineRun::End::killed;
    result.code = WTERMSIG(status);
  } else if (WEXITSTATUS(status) != 0) {
    result.end = EngineRun::End::failed;
    result.code = WEXITSTATUS(status);
  }
  result.said = last_words(log);
  return result;
}

}  // namespace touchstone
