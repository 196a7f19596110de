#include <fmt/format.h>

#include <map>
#include <optional>

#include "cli/command.h"
#include "cli/errors.h"
#include "cli/interrupt.h"
#include "cli/locate.h"
#include "cli/progress.h"
#include "cli/report_table.h"
#include "cli/training_options.h"
#include "cli/version.h"
#include "experiment/load.h"
#include "plot/figure.h"
#include "plot/gnuplot.h"
#include "run/carry_out.h"
#include "training/observer.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
  TrainingOptions training;
  fs::path results;
  fs::path plots;
  std::optional<FigureFormat> format;  ///< nothing: draw none
  bool quiet = false;
};

void add_options(Options& options) {
  options.positionals("names", "experiments or files", "[NAME or FILE ...]");
  add_training_options(options);
  options.text("results", "folder of the results", "DIR", "results");
  options.text("plots", "folder of the figures", "DIR", "plots");
  options.text("format", "png, svg, pdf, dumb (on the terminal) or none", "FORMAT", "png");
  options.flag("quiet", "no progress and no tables");
  options.flag("dry-run", "check everything, say what would be done, do nothing");
}

RunOptions read_options(const ParsedOptions& parsed) {
  RunOptions options;
  options.training = read_training_options(parsed);
  options.results = parsed.text("results");
  options.plots = parsed.text("plots");
  const std::string format = parsed.choice("format", {"png", "svg", "pdf", "dumb", "none"});
  if (format != "none") options.format = figure_format(format);
  options.quiet = parsed.has("quiet");
  return options;
}

/// Two files of one name would write over each other's results.
void require_own_folders(const std::vector<LoadedExperiment>& experiments) {
  std::map<std::string, fs::path> files;
  for (const auto& [experiment, data] : experiments) {
    const auto [other, is_new] = files.emplace(experiment.name, experiment.file);
    if (!is_new) {
      throw UsageError(fmt::format("{} and {}: both would write the results of '{}', expected files of different names",
                                   other->second.string(), experiment.file.string(), experiment.name));
    }
  }
}

/// The experiments that were asked for. The whole notebook, if none was: then definitions are left out, and
/// overrides are for what trains.
std::vector<LoadedExperiment> load_all(const ParsedOptions& parsed, const std::vector<std::string>& overrides) {
  std::vector<LoadedExperiment> experiments;
  if (parsed.has("names")) {
    for (const auto& name : parsed.texts("names")) {
      experiments.push_back(load_with_data(locate_experiment(name), overrides));
    }
    require_own_folders(experiments);
    return experiments;
  }
  for (const fs::path& file : locate_all_experiments()) {
    const Kind kind = load_experiment(file, {}, vocabulary()).kind;
    if (kind == Kind::definition) continue;
    experiments.push_back(load_with_data(file, kind == Kind::training ? overrides : std::vector<std::string>{}));
  }
  return experiments;
}

void explain_definition(const Experiment& definition) {
  fmt::print("{}: {}\n{}\nIt is a definition and trains nothing itself; it is used by: {}\n", definition.name,
             definition.title, definition.description, fmt::join(users_of(definition), ", "));
}

void explain_plan(const LoadedExperiment& loaded, const RunOptions& options) {
  const Experiment& experiment = loaded.experiment;
  fmt::print("{}: {} arms, {} updates, would write {}\n", experiment.name, experiment.arms.size(),
             count_updates(loaded), (options.results / experiment.name).string());
  for (const Arm& arm : experiment.arms) fmt::print("  {}\n", arm.label);
}

/// Shows how the arms go; Ctrl-C stops them.
class ArmProgress : public ArmObserver {
 public:
  explicit ArmProgress(ProgressDisplay& display) : display_(display) {}

  void on_epoch_end(std::size_t arm, std::int64_t epochs_done) override { display_.epochs_done(arm, epochs_done); }
  void on_arm_end(std::size_t arm, const History& history) override { display_.arm_done(arm, history); }
  bool stop_requested() override { return interrupted(); }

 private:
  ProgressDisplay& display_;
};

ExperimentResult run_one(const LoadedExperiment& loaded, const RunOptions& options) {
  const fs::path folder = options.results / loaded.experiment.name;
  const RunSettings settings{options.training.train, options.training.engine, options.training.dtype, versions()};
  if (loaded.experiment.kind != Kind::training) {
    ArmObserver nobody;
    return carry_out(loaded, settings, folder, nobody);
  }
  ProgressDisplay display(loaded.experiment, options.quiet);
  ArmProgress progress(display);
  try {
    return carry_out(loaded, settings, folder, progress);
  } catch (const RunInterrupted& interruption) {
    fmt::print(stderr, "touchstone: interrupted in {}; finished arms kept in {}: {}\n", loaded.experiment.name,
               folder.string(),
               interruption.finished().empty() ? "none" : fmt::format("{}", fmt::join(interruption.finished(), ", ")));
    throw;
  }
}

void draw(const ExperimentResult& result, const RunOptions& options) {
  try {
    const auto figures = draw_figures(result, options.results / result.name, options.plots, *options.format);
    if (options.quiet) return;
    for (const fs::path& figure : figures) fmt::print("figure: {}\n", figure.string());
  } catch (const PlotError&) {
    if (interrupted()) throw Interrupted();  // Ctrl-C reaches gnuplot too
    throw;
  }
}

int run_experiments(const std::vector<std::string>& arguments) {
  Options line("touchstone run", "Trains and draws experiments; without a name, the whole notebook.");
  add_options(line);
  const auto parsed = line.parse(arguments);
  if (!parsed) return exit_done;
  const RunOptions options = read_options(*parsed);
  const std::vector<LoadedExperiment> experiments = load_all(*parsed, options.training.overrides);
  if (parsed->has("dry-run")) {
    for (const LoadedExperiment& loaded : experiments) explain_plan(loaded, options);
    return exit_done;
  }
  if (options.format) require_gnuplot(*options.format);
  catch_interrupts();

  for (const LoadedExperiment& loaded : experiments) {
    if (loaded.experiment.kind == Kind::definition) {
      explain_definition(loaded.experiment);
      continue;
    }
    if (interrupted()) throw Interrupted();
    const ExperimentResult result = run_one(loaded, options);
    if (!options.quiet) print_summary(result);
    if (options.format) draw(result, options);
  }
  return exit_done;
}

}  // namespace

Command run_command() { return {"run", "trains and draws; without a name, the whole notebook", &run_experiments}; }

}  // namespace touchstone
