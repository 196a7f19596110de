#include <fmt/core.h>

#include <chrono>

#include "cli/command.h"
#include "cli/duration_text.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/load_named.h"
#include "cli/output_options.h"
#include "cli/print_status.h"
#include "cli/study_progress.h"
#include "cli/study_table.h"
#include "cli/training_options.h"
#include "cli/version.h"
#include "files/errors.h"
#include "plot/gnuplot.h"
#include "plot/study_figures.h"
#include "results/result_lock.h"
#include "run/run_study.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

constexpr auto max_seeds = static_cast<std::int64_t>(all_seeds.end);

/// "2/3".
Shard read_shard(const ParsedOptions& parsed) {
  const std::string text = parsed.text("shard");
  const std::size_t slash = text.find('/');
  const auto number = [](const std::string& digits) -> std::uint64_t {
    const bool is_number =
        !digits.empty() && digits.size() < 10 && digits.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? std::stoull(digits) : 0;
  };
  const Shard shard{number(text.substr(0, slash)), slash == std::string::npos ? 0 : number(text.substr(slash + 1))};
  if (shard.index < 1 || shard.index > shard.count) {
    throw UserError(fmt::format("--shard: found '{}', expected I/N, such as 1/3, with I from 1 to N", text));
  }
  return shard;
}

StudySettings read_settings(const ParsedOptions& parsed, const TrainingOptions& training) {
  StudySettings settings;
  settings.run = {training.train, training.engine, training.dtype, versions()};
  const std::int64_t first = parsed.integer("first-seed", 0, max_seeds - 1);
  const std::int64_t count = parsed.integer("seeds", 1, max_seeds - first);
  settings.seeds = {static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(first + count)};
  settings.shard = read_shard(parsed);
  settings.resumes = parsed.has("resume");
  settings.is_fresh = parsed.has("fresh");
  if (settings.resumes && settings.is_fresh) {
    throw UserError("touchstone study: found --resume and --fresh, expected one of them");
  }
  return settings;
}

/// What trains, of the whole notebook; whatever else is named is refused.
std::vector<LoadedExperiment> load_trainings(const ParsedOptions& parsed, const std::vector<std::string>& overrides) {
  std::vector<LoadedExperiment> trainings;
  for (LoadedExperiment& loaded : load_named(parsed, overrides)) {
    if (loaded.experiment.kind == Kind::training) {
      trainings.push_back(std::move(loaded));
    } else if (parsed.has("names")) {
      throw UserError(fmt::format("touchstone study: {} does not train; expected an experiment of kind training",
                                  loaded.experiment.name));
    }
  }
  return trainings;
}

void explain_plan(const LoadedExperiment& loaded, const StudySettings& settings, const OutputOptions& output) {
  const SeedRange seeds = seeds_of(settings.shard, settings.seeds);
  fmt::print("{}: {} arms, {} seeds, {} updates, would write {}\n", loaded.experiment.name,
             loaded.experiment.arms.size(), seeds.count(),
             fmt::format("{:.0f}", static_cast<double>(count_updates(loaded)) * static_cast<double>(seeds.count())),
             (output.results / loaded.experiment.name).string());
}

void say_what_was_done(const std::string& name, const StudySettings& settings, const StudyEnd& end, double seconds) {
  const SeedRange seeds = seeds_of(settings.shard, settings.seeds);
  const std::string shard = settings.shard.is_whole() ? ""
                            : seeds.empty()
                                ? fmt::format(", shard {}/{}: no seed", settings.shard.index, settings.shard.count)
                                : fmt::format(", shard {}/{}: seeds {} to {}", settings.shard.index,
                                              settings.shard.count, seeds.first, seeds.end - 1);
  const std::string kept = end.kept == 0 ? "" : fmt::format(", {} already stored", end.kept);
  print_status("{}{}: {} runs in {}{}\n", name, shard, end.trained, duration_text(seconds), kept);
}

StudyEnd study_one(const LoadedExperiment& loaded, const StudySettings& settings, const OutputOptions& output,
                   StudyProgress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string& name = loaded.experiment.name;
  try {
    StudyEnd end = run_study(loaded, settings, output.results / name, progress);
    progress.end();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!output.quiet) say_what_was_done(name, settings, end, seconds);
    return end;
  } catch (const Interrupted&) {
    progress.end();
    print_status(
        "touchstone: interrupted in {}; finished runs are saved; repeat the command with --resume to continue\n", name);
    throw;
  }
}

int study_experiments(const std::vector<std::string>& arguments) {
  Options line("touchstone study", "Trains many seeds of experiments; without a name, of the whole notebook.");
  line.positionals("names", "experiments or files", "[NAME or FILE ...]");
  line.text("seeds", "how many seeds", "N", "100");
  line.text("first-seed", "the first of them", "N", "0");
  line.flag("resume", "continue a study from its stored seeds");
  line.flag("fresh", "delete the stored seeds of an earlier study in that folder");
  line.text("shard", "compute only a part of the seeds; touchstone merge joins the shards", "I/N", "1/1");
  add_training_options(line);
  add_jobs_option(line);
  add_output_options(line);
  line.flag("dry-run", "check the configuration and print what would be done");
  const auto parsed = line.parse(arguments);
  if (!parsed) return exit_done;
  TrainingOptions training = read_training_options(*parsed);
  training.train.jobs = read_jobs(*parsed);
  const OutputOptions output = read_output_options(*parsed);
  const StudySettings settings = read_settings(*parsed, training);
  const std::vector<LoadedExperiment> experiments = load_trainings(*parsed, training.overrides);
  if (parsed->has("dry-run")) {
    for (const LoadedExperiment& loaded : experiments) explain_plan(loaded, settings, output);
    return exit_done;
  }
  if (output.format && settings.shard.is_whole()) require_gnuplot(*output.format);
  catch_interrupts();

  std::vector<double> costs;
  for (const LoadedExperiment& loaded : experiments) costs.push_back(cost_of_study(loaded, settings));
  StudyProgress progress(costs, output.quiet);
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    progress.begin(i, experiments[i].experiment.name);
    const ResultLock lock(output.results / experiments[i].experiment.name,
                          settings.shard.is_whole() ? ResultLock::Mode::exclusive : ResultLock::Mode::shared);
    const StudyEnd end = study_one(experiments[i], settings, output, progress);
    if (!end.result) continue;
    if (!output.quiet) print_study(*end.result);
    draw(with_band_figures(end.result->study), output);
  }
  return exit_done;
}

}  // namespace

Command study_command() {
  return {"study", "trains many seeds: statistics, and figures with bands", &study_experiments};
}

}  // namespace touchstone
