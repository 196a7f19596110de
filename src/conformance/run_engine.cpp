#include "conformance/run_engine.h"

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <fstream>
#include <regex>

#include "files/printable.h"
#include "files/process.h"
#include "training/interrupted.h"

namespace touchstone {

namespace fs = std::filesystem;

namespace {

/// Replaces the placeholders of the command in one pass, since a file name may contain one.
std::string filled_in(const std::string& command, const CaseFiles& files) {
  static const std::regex placeholder(R"(\{(case|trace)\})");
  std::string filled;
  auto rest = command.cbegin();
  for (std::smatch match; std::regex_search(rest, command.cend(), match, placeholder); rest = match[0].second) {
    filled.append(rest, match[0].first);
    filled += shell_quoted((match[1] == "case" ? files.given : files.written).string());
  }
  return filled.append(rest, command.cend());
}

}  // namespace

std::string on_one_line(const std::string& text) { return printable(boost::trim_copy(text)); }

std::string log_tail(const std::filesystem::path& log) {
  constexpr std::streamoff length = 300;
  std::ifstream stream(log, std::ios::binary | std::ios::ate);
  const std::streamoff size = std::max<std::streamoff>(stream.tellg(), 0);
  stream.seekg(std::max<std::streamoff>(0, size - length));
  return on_one_line({std::istreambuf_iterator<char>(stream), {}});
}

EngineRun run_engine(const std::string& command, const CaseFiles& files, std::chrono::duration<double> limit,
                     const std::function<bool()>& stop) {
  const fs::path& log = files.log;
  const ProcessEnd end = run_shell(filled_in(command, files), log, limit, stop);
  switch (end.how) {
    case ProcessEnd::How::stopped: throw Interrupted();
    case ProcessEnd::How::timed_out: return {EngineRun::End::timed_out, 0, log_tail(log)};
    case ProcessEnd::How::killed: return {EngineRun::End::killed, end.code, log_tail(log)};
    case ProcessEnd::How::flooded:
    case ProcessEnd::How::exited: break;
  }
  if (end.code == exit_not_supported) return {EngineRun::End::unsupported, end.code, log_tail(log)};
  return {end.code == 0 ? EngineRun::End::done : EngineRun::End::failed, end.code, log_tail(log)};
}

}  // namespace touchstone
