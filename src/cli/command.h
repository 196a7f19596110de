#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// A subcommand. `run` gets the arguments after the subcommand's name and returns the exit code; it throws exceptions
/// that main turns into messages.
struct Command {
  std::string name;
  std::string summary;
  int (*run)(const std::vector<std::string>& arguments);
};

/// Every subcommand, in the order of the help. A new one is a file of its own and a line here.
const std::vector<Command>& commands();

Command list_command();
Command show_command();
Command run_command();
Command plot_command();
Command study_command();
Command merge_command();
Command trace_command();
Command verify_command();
Command conformance_command();
Command explain_command();

/// Runs the program: picks the subcommand, or answers --help and --version.
int dispatch(const std::vector<std::string>& arguments);

}  // namespace touchstone
