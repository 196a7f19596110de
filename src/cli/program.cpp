#include "cli/program.h"

#include <c10/util/Exception.h>
#include <fmt/core.h>

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/errors.h"
#include "data/data_error.h"
#include "data/dataset.h"
#include "experiment/config_error.h"
#include "files/file_error.h"
#include "plot/plot_error.h"
#include "trace/trace_error.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

int complain(const std::exception& error, int exit_code) {
  fmt::print(stderr, "touchstone: {}\n", error.what());
  return exit_code;
}

/// LibTorch's messages go on with hints and where in its own sources they come from.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  try {
    return dispatch(arguments);
  } catch (const UsageError& error) {
    return complain(error, exit_bad_input);
  } catch (const ConfigError& error) {
    return complain(error, exit_bad_input);
  } catch (const DataError& error) {
    return complain(error, exit_bad_input);
  } catch (const FileError& error) {
    return complain(error, error.fault() == FileError::Fault::cannot_read ? exit_bad_input : exit_environment);
  } catch (const TraceError& error) {
    return complain(error, exit_bad_input);
  } catch (const PlotError& error) {
    return complain(error, exit_environment);
  } catch (const EnvironmentFault& error) {
    return complain(error, exit_environment);
  } catch (const Interrupted&) {
    return exit_interrupted;
  } catch (const c10::Error& error) {
    fmt::print(stderr, "touchstone: {}\n", first_line(error.what_without_backtrace()));
    return exit_environment;
  } catch (const std::exception& error) {
    return complain(error, exit_environment);
  }
}

}  // namespace touchstone
