#include "cli/command.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_codes.h"
#include "cli/version.h"
#include "experiment/suggestion.h"
#include "files/errors.h"

namespace touchstone {
namespace {

void print_help() {
  fmt::print(
      "touchstone - a reference for optimizers and training loops\n\n"
      "usage: touchstone COMMAND [ARGUMENT ...]\n\n");
  for (const Command& command : commands()) fmt::print("  {:<12} {}\n", command.name, command.summary);
  fmt::print(
      "\nRun \"touchstone COMMAND --help\" for options, \"touchstone --version\" for versions.\n"
      "Exit codes: 0 done, 1 what was checked does not hold, 2 invalid input, 3 the machine lacks something, 70 "
      "internal error.\n");
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      list_command(),        show_command(),    run_command(),       plot_command(),  study_command(),
      compare_command(),     report_command(),  merge_command(),     trace_command(), verify_command(),
      conformance_command(), explain_command(), completion_command()};
  return all;
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help();
    return arguments.empty() ? exit_bad_input : exit_done;
  }
  if (arguments[0] == "--version") {
    for (const auto& [component, version] : versions()) fmt::print("{} {}\n", component, version);
    return exit_done;
  }
  const auto found = std::find_if(commands().begin(), commands().end(),
                                  [&](const Command& command) { return command.name == arguments[0]; });
  if (found == commands().end()) {
    std::vector<std::string> names;
    for (const Command& command : commands()) names.push_back(command.name);
    throw UserError(fmt::format("unknown command '{}'; expected one of {}{}", arguments[0], fmt::join(names, ", "),
                                suggestion(arguments[0], names)));
  }
  Options options("touchstone " + found->name, found->description);
  found->add_options(options);
  const auto parsed = options.parse({arguments.begin() + 1, arguments.end()});
  return parsed ? found->run(*parsed) : exit_done;
}

}  // namespace touchstone
