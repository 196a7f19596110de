#include "plot/gnuplot.h"

#include <fmt/core.h>
#include <gnuplot-iostream.h>
#include <sys/wait.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "files/process.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

constexpr int shell_not_found = 127;
constexpr const char* failure_mark = "(gnuplot failed)";

/// A file name for gnuplot's messages beside the figure, removed in the end.
class MessageFile {
 public:
  explicit MessageFile(fs::path path) : path_(std::move(path)) {}
  MessageFile(const MessageFile&) = delete;
  MessageFile& operator=(const MessageFile&) = delete;
  ~MessageFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }

  const fs::path& path() const { return path_; }

  /// What gnuplot said, on one line.
  std::string text() const {
    std::ifstream stream(path_);
    std::string all{std::istreambuf_iterator<char>(stream), {}};
    boost::trim(all);
    boost::replace_all(all, "\n", " ");
    return all.size() > 400 ? all.substr(0, 200) + " ... " + all.substr(all.size() - 200) : all;
  }

 private:
  fs::path path_;
};

}  // namespace

void require_gnuplot(FigureFormat format) {
  const std::string probe = fmt::format("gnuplot -e 'set terminal {}' >/dev/null 2>&1", terminal_name(format));
  const int status = std::system(probe.c_str());  // NOLINT(cert-env33-c): a fixed command
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == shell_not_found) {
    throw PlotError("gnuplot is not on the PATH: install it (Debian: gnuplot-nox), or ask for --format none");
  }
  throw PlotError(fmt::format("this gnuplot has no '{}' terminal: install gnuplot-nox, or ask for another --format",
                              terminal_name(format)));
}

void run_gnuplot(const std::string& script, const fs::path& output) {
  std::signal(SIGPIPE, SIG_IGN);  // a gnuplot that ends early is told by its messages, not by our death
  const MessageFile messages(output.string() + ".err");
  {
    const std::string said = shell_quoted(messages.path().string());
    Gnuplot gnuplot(fmt::format("gnuplot 2>{0} || echo '{1}' >>{0}", said, failure_mark));
    gnuplot << script;
  }
  std::error_code error;
  const auto size = fs::file_size(output, error);
  const std::string said = messages.text();
  if (error || size == 0 || boost::contains(said, failure_mark)) {
    throw PlotError(fmt::format("{}: gnuplot could not draw it{}{}", output.string(), said.empty() ? "" : ": ", said));
  }
}

}  // namespace touchstone
