#include <fmt/core.h>

#include <boost/algorithm/string/predicate.hpp>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/print_status.h"
#include "cli/study_progress.h"
#include "cli/training_options.h"
#include "cli/version.h"
#include "experiment/locate.h"
#include "files/atomic_file.h"
#include "files/errors.h"
#include "plot/gnuplot.h"
#include "report/page.h"
#include "results/result_lock.h"
#include "results/study_files.h"
#include "run/judge_claims.h"
#include "run/make_report.h"
#include "study/claims_table.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

void add_report_options(Options& options) {
  options.positionals("names", "experiments or files; without a name, the notebook", "[NAME or FILE ...]");
  options.text("results", "folder of the results", "DIR", "results");
  options.text("o,output", "the page: HTML, or Markdown if it ends in .md", "FILE", "report.html");
  options.text("seeds", "how many seeds to train where no study is stored", "N", "100");
  add_jobs_option(options);
  options.flag("quiet", "no progress");
}

std::vector<ReportedName> load_reported(const ParsedOptions& parsed) {
  std::vector<ReportedName> all;
  for (const std::string& name : parsed.texts("names")) {
    const fs::path file = locate_experiment(name);
    LoadedExperiment loaded = load_with_data(file, {});
    const bool is_path = boost::ends_with(name, ".yaml") || boost::ends_with(name, ".yml");
    all.push_back({std::move(loaded), is_path ? name : file.stem().string()});
  }
  if (!all.empty()) return all;
  for (const fs::path& file : locate_all_experiments()) all.push_back({load_with_data(file, {}), file.stem().string()});
  return all;
}

StudySettings study_settings(const ParsedOptions& parsed) {
  StudySettings settings;
  settings.run.train.engine = EngineKind::fused;
  settings.run.train.jobs = read_jobs(parsed);
  settings.run.engine = "fused";
  settings.run.dtype = "float32";
  settings.run.versions = versions();
  settings.seeds = {0, static_cast<std::uint64_t>(parsed.integer("seeds", 1, 1'000'000))};
  return settings;
}

/// How the stored study of an experiment was made.
StudySettings stored_settings(const fs::path& folder, StudySettings settings) {
  const ExperimentResult study = read_study_manifest(folder);
  settings.run.dtype = study.provenance.dtype;
  settings.run.train.precision = study.provenance.dtype == "float64" ? Precision::float64 : Precision::float32;
  settings.seeds = seeds_of(study);
  return settings;
}

/// Trains what has no stored study.
void train_missing(const std::vector<ReportedName>& experiments, const StudySettings& settings, const fs::path& results,
                   bool is_quiet) {
  std::vector<const LoadedExperiment*> missing;
  std::vector<double> costs;
  for (const ReportedName& named : experiments) {
    const Experiment& experiment = named.loaded.experiment;
    if (experiment.kind != Kind::training || has_study(results / experiment.name)) continue;
    missing.push_back(&named.loaded);
    costs.push_back(cost_of_study(named.loaded, settings));
  }
  if (missing.empty()) return;
  StudyProgress progress(costs, is_quiet);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    const fs::path folder = results / missing[i]->experiment.name;
    progress.begin(i, missing[i]->experiment.name);
    const ResultLock lock(folder);
    run_study(*missing[i], settings, folder, progress);
    progress.end();
  }
}

/// Judges all claims together, unless every experiment has its verdicts already.
void judge_missing(const std::vector<ReportedName>& experiments, const StudySettings& settings,
                   const fs::path& results) {
  bool is_missing = false;
  for (const ReportedName& named : experiments) {
    const Experiment& experiment = named.loaded.experiment;
    is_missing |= !experiment.claims.empty() && !fs::exists(results / experiment.name / "claims.csv");
  }
  if (!is_missing) return;
  std::vector<JudgedClaim> claims;
  for (const ReportedName& named : experiments) {
    const Experiment& experiment = named.loaded.experiment;
    if (experiment.claims.empty()) continue;
    const fs::path folder = results / experiment.name;
    const StudySettings own = experiment.kind == Kind::training ? stored_settings(folder, settings) : settings;
    const std::vector<JudgedClaim> judged = judge_claims(named.loaded, own, folder, &interrupted);
    claims.insert(claims.end(), judged.begin(), judged.end());
  }
  decide_and_write(claims, results);
}

std::string title_of(const std::vector<ReportedName>& experiments, bool is_notebook) {
  if (is_notebook) return "Batch size, epochs and optimizers: the notebook, reproduced";
  return experiments.size() == 1 ? experiments.front().loaded.experiment.title : "Experiments";
}

int write_report(const ParsedOptions& parsed) {
  const std::vector<ReportedName> experiments = load_reported(parsed);
  const StudySettings settings = study_settings(parsed);
  const fs::path results = parsed.text("results");
  const fs::path output = parsed.text("output");
  require_gnuplot(FigureFormat::svg);
  catch_interrupts();
  for (const ReportedName& named : experiments) require_same_arms(named, results);
  train_missing(experiments, settings, results, parsed.has("quiet"));
  judge_missing(experiments, settings, results);
  const std::vector<ReportedExperiment> reported = gather_report(experiments, settings.run, results, &interrupted);
  const bool is_markdown = output.extension() == ".md";
  write_file_atomically(
      output, is_markdown ? markdown_page(reported) : html_page(title_of(experiments, !parsed.has("names")), reported));
  if (!parsed.has("quiet")) fmt::print("report: {}\n", output.string());
  return exit_done;
}

}  // namespace

Command report_command() {
  return {"report", "writes the results, figures and claims as one HTML page",
          "Writes a page with the figures, tables and claims of experiments; trains what has no stored study.",
          &add_report_options, &write_report};
}

}  // namespace touchstone
