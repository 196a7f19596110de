#include <fmt/core.h>

#include <variant>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/options.h"
#include "experiment/kinds.h"
#include "experiment/load.h"
#include "experiment/locate.h"
#include "files/table.h"
#include "training/train_arms.h"
#include "training/training_data.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// The total number of updates of all arms; "-" for experiments that do not train.
std::string updates_of(const Experiment& experiment) {
  if (experiment.kind != Kind::training) return "-";
  std::int64_t updates = 0;
  for (const Arm& arm : experiment.arms) {
    const auto& config = std::get<RunConfig>(arm.config);
    updates += count_updates(config, config.data.n_train);
  }
  return fmt::format("{}", updates);
}

void add_list_options(Options& /*options*/) {}

int list_experiments(const ParsedOptions& /*parsed*/) {
  Table table({"experiment", "cell", "kind", "title", "arms", "updates"});
  table.align_right({1, 4, 5});
  for (const auto& file : locate_all_experiments()) {
    const Experiment experiment = load_experiment(file, {}, vocabulary());
    table.add({experiment.name, experiment.cell ? std::to_string(*experiment.cell) : "-", name_of(experiment.kind),
               experiment.title, experiment.arms.empty() ? "-" : std::to_string(experiment.arms.size()),
               updates_of(experiment)});
  }
  table.print();
  return exit_done;
}

}  // namespace

Command list_command() {
  return {"list", "lists every experiment: cell, title, arms, updates",
          "Lists every experiment: cell, kind, title, arms, updates.", &add_list_options, &list_experiments};
}

}  // namespace touchstone
