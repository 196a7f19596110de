#include "conformance/run_engine.h"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <fstream>

#include "files/process.h"
#include "training/interrupted.h"

namespace touchstone {

namespace fs = std::filesystem;

std::string on_one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = c == '\n' ? ' ' : '?';
  }
  boost::trim(text);
  return text;
}

std::string last_words(const std::filesystem::path& log) {
  constexpr std::streamoff length = 300;
  std::ifstream stream(log, std::ios::binary | std::ios::ate);
  const std::streamoff size = std::max<std::streamoff>(stream.tellg(), 0);
  stream.seekg(std::max<std::streamoff>(0, size - length));
  return on_one_line({std::istreambuf_iterator<char>(stream), {}});
}

EngineRun run_engine(const std::string& command, const CaseFiles& files, std::chrono::duration<double> limit,
                     const std::function<bool()>& stop) {
  std::string filled = command;
  boost::replace_all(filled, "{case}", shell_quoted(files.given.string()));
  boost::replace_all(filled, "{trace}", shell_quoted(files.written.string()));

  const fs::path& log = files.log;
  const ProcessEnd end = run_shell(filled, log, limit, stop);
  switch (end.how) {
    case ProcessEnd::How::stopped: throw Interrupted();
    case ProcessEnd::How::timed_out: return {EngineRun::End::timed_out, 0, last_words(log)};
    case ProcessEnd::How::killed: return {EngineRun::End::killed, end.code, last_words(log)};
    case ProcessEnd::How::exited: break;
  }
  if (end.code == exit_not_supported) return {EngineRun::End::unsupported, end.code, last_words(log)};
  return {end.code == 0 ? EngineRun::End::done : EngineRun::End::failed, end.code, last_words(log)};
}

}  // namespace touchstone
