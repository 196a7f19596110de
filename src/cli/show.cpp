#include <fmt/core.h>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/training_options.h"
#include "experiment/load.h"
#include "experiment/locate.h"
#include "files/errors.h"
#include "files/printable.h"
#include "files/table.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

void show(const Experiment& experiment) {
  fmt::print("{}: {}\n{}\n", experiment.name, printable(experiment.title), printable(experiment.description));
  if (experiment.arms.empty()) {
    fmt::print("\na definition: other experiments extend it (touchstone run {} names them)\n", experiment.name);
  }
  for (std::size_t i = 0; i < experiment.arms.size(); ++i) {
    fmt::print("\narm {}: {}\n", i, printable(experiment.arms[i].label));
    Table table({"key", "value", "from"});
    for (const ResolvedValue& value : experiment.arms[i].resolved) table.add({value.key, value.text, value.origin});
    table.print();
  }
}

void add_show_options(Options& options) {
  options.positional("name", "experiment or file", "NAME or FILE");
  options.texts("set", "override a value, such as fit.epochs=10 (repeatable)", "KEY=VALUE");
}

int show_arms(const ParsedOptions& parsed) {
  if (!parsed.has("name")) throw UserError("touchstone show: expected the NAME of an experiment or a FILE");
  show(load_experiment(locate_experiment(parsed.text("name")), parsed.texts("set"), vocabulary()));
  return exit_done;
}

}  // namespace

Command show_command() {
  return {"show", "prints the resolved configuration of each arm and the origin of each value",
          "Prints the resolved configuration of each arm and the origin of each value.", &add_show_options, &show_arms};
}

}  // namespace touchstone
