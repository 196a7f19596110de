#include "cli/program.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "data/dataset.h"
#include "files/errors.h"
#include "files/printable.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

/// If the message cannot be printed, the exit code is still the same.
int report_error(std::string_view message, int exit_code) {
  constexpr std::size_t max_bytes = 4000;
  const std::string line = "touchstone: " + printable(message, max_bytes) + "\n";
  std::fflush(stdout);
  std::fwrite(line.data(), 1, line.size(), stderr);
  return exit_code;
}

/// Only the first line: LibTorch appends hints and source locations.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

int run_command(const std::vector<std::string>& arguments) {
  try {
    return dispatch(arguments);
  } catch (const UserError& error) {
    return report_error(error.what(), exit_bad_input);
  } catch (const EnvironmentError& error) {
    return report_error(error.what(), exit_environment);
  } catch (const Interrupted&) {
    return exit_interrupted;
  } catch (const std::bad_alloc&) {
    return report_error("out of memory", exit_environment);
  } catch (const std::system_error& error) {  // from a pipe, a process or stdout
    return report_error(error.what(), exit_environment);
  } catch (const c10::Error& error) {
    return report_error(
        fmt::format("internal error, please report it: LibTorch: {}", first_line(error.what_without_backtrace())),
        exit_internal);
  } catch (const std::exception& error) {
    return report_error(fmt::format("internal error, please report it: {}", error.what()), exit_internal);
  }
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  const int exit_code = run_command(arguments);
  // Buffered output may fail only when it is flushed.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  if (exit_code == exit_environment) return exit_code;
  return report_error("stdout cannot be written", exit_environment);
}

}  // namespace touchstone
