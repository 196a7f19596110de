#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "cli/claims_report.h"
#include "cli/command.h"
#include "cli/cost_text.h"
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
#include "run/estimate_cost.h"
#include "run/judge_claims.h"
#include "run/run_study.h"
#include "study/claims_table.h"
#include "study/epochs_table.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

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

/// What trains, of the whole notebook; with `with_claims`, also what makes claims about schedules or data. Whatever
/// else is named is refused.
std::vector<LoadedExperiment> load_studied(const ParsedOptions& parsed, const std::vector<std::string>& overrides,
                                           bool with_claims) {
  std::vector<LoadedExperiment> studied;
  for (LoadedExperiment& loaded : load_named(parsed, overrides)) {
    const Experiment& experiment = loaded.experiment;
    if (experiment.kind == Kind::training || (with_claims && !experiment.claims.empty())) {
      studied.push_back(std::move(loaded));
    } else if (parsed.has("names")) {
      throw UserError(fmt::format("touchstone study: {} does not train{}; expected an experiment of kind training",
                                  experiment.name, with_claims ? ", and makes no claims" : ""));
    }
  }
  return studied;
}

void explain_plan(const LoadedExperiment& loaded, const StudySettings& settings, const OutputOptions& output) {
  const Experiment& experiment = loaded.experiment;
  if (experiment.kind != Kind::training) return;
  const SeedRange seeds = seeds_of(settings.shard, settings.seeds);
  fmt::print("{}: {} arms, {} seeds, {:.0f} updates: {} in {}\n", experiment.name, experiment.arms.size(),
             seeds.count(), static_cast<double>(count_updates(loaded)) * static_cast<double>(seeds.count()),
             estimate_text(estimate_cost(loaded, settings.run, seeds.count()), settings.run),
             (output.results / experiment.name).string());
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

StudyEnd train_one(const LoadedExperiment& loaded, const StudySettings& settings, const OutputOptions& output,
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

/// What a study writes besides its tables and figures.
struct StudyOutput {
  bool claims = false;
  bool strict = false;
  bool epochs = false;
};

StudyOutput read_study_output(const ParsedOptions& parsed, const StudySettings& settings) {
  const StudyOutput wanted{parsed.has("claims"), parsed.has("strict"), parsed.has("epochs-csv")};
  if (wanted.strict && !wanted.claims) throw UserError("--strict: expected --claims with it");
  if ((wanted.claims || wanted.epochs) && !settings.shard.is_whole()) {
    throw UserError(
        "--shard: found with --claims or --epochs-csv, expected these without shards: merge them first, then "
        "repeat the study without --shard and with --resume");
  }
  return wanted;
}

/// Trains, writes and draws an experiment; returns its claims, without verdicts.
std::vector<JudgedClaim> study_one(const LoadedExperiment& loaded, const StudySettings& settings,
                                   const OutputOptions& output, const StudyOutput& wanted, StudyProgress& progress) {
  const fs::path folder = output.results / loaded.experiment.name;
  const ResultLock lock(folder, settings.shard.is_whole() ? ResultLock::Mode::exclusive : ResultLock::Mode::shared);
  if (loaded.experiment.kind == Kind::training) {
    const StudyEnd end = train_one(loaded, settings, output, progress);
    if (!end.result) return {};
    if (wanted.epochs) write_epochs_table(end.result->study, folder, &interrupted);
    if (!output.quiet) print_study(*end.result);
    draw(with_band_figures(end.result->study), output);
  }
  return wanted.claims ? judge_claims(loaded, settings, folder, &interrupted) : std::vector<JudgedClaim>{};
}

/// Decides all claims together, prints them, and writes those of each experiment.
int report_claims(std::vector<JudgedClaim>& claims, const StudyOutput& wanted, const OutputOptions& output) {
  decide_and_write(claims, output.results);
  if (!output.quiet) print_claims(claims);
  const bool all_hold = std::all_of(claims.begin(), claims.end(), [](const JudgedClaim& judged) {
    return judged.verdict == ClaimVerdict::supported;
  });
  return wanted.strict && !all_hold ? exit_mismatch : exit_done;
}

void add_study_options(Options& options) {
  options.positionals("names", "experiments or files", "[NAME or FILE ...]");
  options.text("seeds", "how many seeds", "N", "100");
  options.text("first-seed", "the first of them", "N", "0");
  options.flag("resume", "continue a study from its stored seeds");
  options.flag("claims", "judge the experiments' claims over the seeds");
  options.flag("strict", "with --claims: exit code 1 unless every claim is supported");
  options.flag("epochs-csv", "also write epochs.csv: every epoch of every seed");
  options.flag("fresh", "delete the stored seeds of an earlier study in that folder");
  options.text("shard", "compute only a part of the seeds; touchstone merge joins the shards", "I/N", "1/1");
  add_training_options(options, std::nullopt);
  add_jobs_option(options);
  add_output_options(options);
  options.flag("dry-run", "check the configuration, and estimate time and disk space");
}

int study_experiments(const ParsedOptions& parsed) {
  TrainingOptions training = read_training_options(parsed);
  training.train.jobs = read_jobs(parsed);
  const OutputOptions output = read_output_options(parsed);
  const StudySettings settings = read_settings(parsed, training);
  const StudyOutput wanted = read_study_output(parsed, settings);
  const std::vector<LoadedExperiment> experiments = load_studied(parsed, training.overrides, wanted.claims);
  print_warnings(experiments);
  if (parsed.has("dry-run")) {
    for (const LoadedExperiment& loaded : experiments) explain_plan(loaded, settings, output);
    return exit_done;
  }
  if (output.format && settings.shard.is_whole()) require_gnuplot(*output.format);
  catch_interrupts();

  std::vector<double> costs;
  for (const LoadedExperiment& loaded : experiments) costs.push_back(cost_of_study(loaded, settings));
  StudyProgress progress(costs, output.quiet);
  std::vector<JudgedClaim> judged;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    progress.begin(i, experiments[i].experiment.name);
    const std::vector<JudgedClaim> own = study_one(experiments[i], settings, output, wanted, progress);
    judged.insert(judged.end(), own.begin(), own.end());
  }
  return wanted.claims ? report_claims(judged, wanted, output) : exit_done;
}

}  // namespace

Command study_command() {
  return {"study", "trains many seeds: statistics, and figures with bands",
          "Trains many seeds of experiments; without a name, of the whole notebook.", &add_study_options,
          &study_experiments};
}

}  // namespace touchstone
