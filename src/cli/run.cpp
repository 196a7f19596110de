#include <fmt/format.h>

#include "cli/arm_progress.h"
#include "cli/command.h"
#include "cli/cost_text.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/load_named.h"
#include "cli/output_options.h"
#include "cli/print_status.h"
#include "cli/report_table.h"
#include "cli/training_options.h"
#include "cli/version.h"
#include "files/errors.h"
#include "files/printable.h"
#include "plot/gnuplot.h"
#include "results/result_lock.h"
#include "run/estimate_cost.h"
#include "run/run_experiment.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
  TrainingOptions training;
  OutputOptions output;
};

RunSettings settings_of(const RunOptions& options) {
  return {options.training.train, options.training.engine, options.training.dtype, versions()};
}

void explain_definition(const Experiment& definition) {
  fmt::print("{}: {}\n{}\nIt is a definition and trains nothing itself; it is used by: {}\n", definition.name,
             printable(definition.title), printable(definition.description), fmt::join(users_of(definition), ", "));
}

void explain_plan(const LoadedExperiment& loaded, const RunOptions& options) {
  const Experiment& experiment = loaded.experiment;
  const std::string folder = (options.output.results / experiment.name).string();
  if (experiment.kind == Kind::training) {
    const RunSettings settings = settings_of(options);
    fmt::print("{}: {} arms, {} updates: {} in {}\n", experiment.name, experiment.arms.size(), count_updates(loaded),
               estimate_text(estimate_cost(loaded, settings, 1), settings), folder);
  } else {
    fmt::print("{}: {} arms, would write {}\n", experiment.name, experiment.arms.size(), folder);
  }
  for (const Arm& arm : experiment.arms) fmt::print("  {}\n", printable(arm.label));
}

ExperimentResult run_one(const LoadedExperiment& loaded, const RunOptions& options) {
  const fs::path folder = options.output.results / loaded.experiment.name;
  const RunSettings settings = settings_of(options);
  if (loaded.experiment.kind != Kind::training) {
    ArmObserver nobody;
    return run_experiment(loaded, settings, folder, nobody);
  }
  ArmProgress progress(loaded.experiment, options.output.quiet);
  try {
    return run_experiment(loaded, settings, folder, progress);
  } catch (const RunInterrupted& interruption) {
    print_status(
        "touchstone: interrupted in {}; finished arms are saved in {}: {}\n", loaded.experiment.name, folder.string(),
        interruption.finished().empty() ? "none" : fmt::format("{}", fmt::join(interruption.finished(), ", ")));
    throw;
  }
}

void add_run_options(Options& options) {
  options.positionals("names", "experiments or files", "[NAME or FILE ...]");
  add_training_options(options);
  add_jobs_option(options);
  add_seed_option(options);
  add_output_options(options);
  options.flag("dry-run", "check the configuration, and estimate time and disk space");
}

int run_experiments(const ParsedOptions& parsed) {
  RunOptions options{read_training_options(parsed), read_output_options(parsed)};
  options.training.train.seed = read_seed(parsed);
  options.training.train.jobs = read_jobs(parsed);
  const std::vector<LoadedExperiment> experiments = load_named(parsed, options.training.overrides);
  print_warnings(experiments);
  if (parsed.has("dry-run")) {
    for (const LoadedExperiment& loaded : experiments) explain_plan(loaded, options);
    return exit_done;
  }
  if (options.output.format) require_gnuplot(*options.output.format);
  catch_interrupts();

  for (const LoadedExperiment& loaded : experiments) {
    if (loaded.experiment.kind == Kind::definition) {
      explain_definition(loaded.experiment);
      continue;
    }
    if (interrupted()) throw Interrupted();
    const ResultLock lock(options.output.results / loaded.experiment.name);
    const ExperimentResult result = run_one(loaded, options);
    if (!options.output.quiet) print_summary(result);
    draw(result, options.output);
  }
  return exit_done;
}

}  // namespace

Command run_command() {
  return {"run", "trains and draws; without a name, the whole notebook",
          "Trains and draws experiments; without a name, the whole notebook.", &add_run_options, &run_experiments};
}

}  // namespace touchstone
