#include "plot/gnuplot.h"

#include <fmt/core.h>
#include <gnuplot-iostream.h>

#include <cstdio>

#include "files/printable.h"
#include "files/process.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

constexpr int shell_not_found = 127;

// Without ~/.gnuplot, and without a terminal that may not be there.
constexpr const char* command = "unset GNUTERM; exec gnuplot -d";

/// A figure takes a second or two.
constexpr std::chrono::duration<double> time_limit(120.0);

FilterResult filter(const std::string& script, const std::function<bool()>& stop) {
  const auto send = [&](std::FILE* input) {
    Gnuplot gnuplot(input);  // closes it
    gnuplot << script;
  };
  FilterResult result = run_filter(command, send, time_limit, stop);
  if (result.end.how == ProcessEnd::How::stopped) throw Interrupted();
  return result;
}

bool has_succeeded(const ProcessEnd& end) { return end.how == ProcessEnd::How::exited && end.code == 0; }

}  // namespace

void require_gnuplot(FigureFormat format) {
  const std::string probe = fmt::format("set terminal {}\n", terminal_name(format));
  const ProcessEnd end = filter(probe, [] { return false; }).end;
  if (has_succeeded(end)) return;
  if (end.how == ProcessEnd::How::exited && end.code == shell_not_found) {
    throw EnvironmentError("gnuplot is not on the PATH: install it (Debian: gnuplot-nox), or use --format none");
  }
  throw EnvironmentError(fmt::format("this gnuplot has no '{}' terminal: install gnuplot-nox, or use another --format",
                                     terminal_name(format)));
}

std::string run_gnuplot(const std::string& script, const std::function<bool()>& stop) {
  FilterResult result = filter(script, stop);
  if (has_succeeded(result.end) && !result.output.empty()) return std::move(result.output);
  const std::string message =
      result.end.how == ProcessEnd::How::timed_out ? "it did not end" : printable(result.errors);
  throw EnvironmentError(fmt::format("gnuplot could not draw it{}{}", message.empty() ? "" : ": ", message));
}

}  // namespace touchstone
