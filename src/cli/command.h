#pragma once

#include <string>
#include <vector>

#include "cli/options.h"

namespace touchstone {

/// A subcommand. `run` returns the exit code; it throws exceptions that main turns into messages.
struct Command {
  std::string name;
  std::string summary;      ///< for the list of commands
  std::string description;  ///< what its own help begins with
  void (*add_options)(Options& options);
  int (*run)(const ParsedOptions& parsed);
};

/// Every subcommand, in the order of the help. A new one is a file of its own and a line here.
const std::vector<Command>& commands();

Command list_command();
Command show_command();
Command run_command();
Command plot_command();
Command study_command();
Command compare_command();
Command report_command();
Command merge_command();
Command trace_command();
Command verify_command();
Command conformance_command();
Command explain_command();
Command completion_command();

/// Runs the program: picks the subcommand, or answers --help and --version.
int dispatch(const std::vector<std::string>& arguments);

}  // namespace touchstone
