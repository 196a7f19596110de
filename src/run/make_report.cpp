#include "run/make_report.h"

#include <fmt/core.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <set>

#include "files/errors.h"
#include "plot/figure.h"
#include "plot/gnuplot.h"
#include "plot/study_figures.h"
#include "results/study_files.h"
#include "run/run_experiment.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

ExperimentResult stored_result(const LoadedExperiment& loaded, const RunSettings& settings, const fs::path& folder) {
  const Experiment& experiment = loaded.experiment;
  if (experiment.kind == Kind::training) return with_band_figures(read_study(folder));
  if (fs::exists(folder / "manifest.json")) return read_result(folder);
  ArmObserver nobody;
  return run_experiment(loaded, settings, folder, nobody);
}

std::string quoted(const std::string& text) {
  const bool is_plain =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+") ==
      std::string::npos;
  return is_plain && !text.empty() ? text : "'" + boost::replace_all_copy(text, "'", "'\\''") + "'";
}

ReportedExperiment described(const ReportedName& named, const RunSettings& settings, const fs::path& results) {
  const Experiment& experiment = named.loaded.experiment;
  ReportedExperiment reported;
  reported.experiment = experiment;
  if (experiment.kind == Kind::definition) {
    reported.users = users_of(experiment);
    return reported;
  }
  const fs::path folder = results / experiment.name;
  reported.result = stored_result(named.loaded, settings, folder);
  reported.claims = read_claims_table(folder);
  reported.command = repeat_command(named.name, *reported.result);
  for (const FigureConfig& figure : reported.result->figures) {
    reported.figures.push_back(
        {figure.title.empty() ? experiment.title : figure.title, "",
         fmt::format("plots/{}{}{}.png", experiment.name, figure.suffix.empty() ? "" : "_", figure.suffix)});
  }
  return reported;
}

}  // namespace

void require_same_arms(const ReportedName& named, const fs::path& results) {
  const Experiment& experiment = named.loaded.experiment;
  const fs::path folder = results / experiment.name;
  if (experiment.kind != Kind::training || !has_study(folder)) return;
  const ExperimentResult result = read_study_manifest(folder);
  bool is_same = result.arms.size() == experiment.arms.size();
  for (std::size_t a = 0; is_same && a < result.arms.size(); ++a) {
    is_same = result.arms[a].label == experiment.arms[a].label;
  }
  if (is_same) return;
  throw UserError(fmt::format("{}: holds results of other arms than {}; repeat them, or choose another --results",
                              folder.string(), experiment.file.string()));
}

std::string repeat_command(const std::string& name, const ExperimentResult& result) {
  const Provenance& made = result.provenance;
  std::string command = fmt::format("touchstone {} {}", made.seeds > 0 ? "study" : "run", quoted(name));
  if (made.seeds > 0) {
    command += fmt::format(" --seeds {}", made.seeds);
    if (made.seed != 0) command += fmt::format(" --first-seed {}", made.seed);
    if (made.engine != "fused") command += " --engine " + made.engine;
  }
  if (result.kind == Kind::training) {
    if (made.dtype != "float32") command += " --dtype " + made.dtype;
    if (made.device != "cpu") command += " --device " + made.device;
  }
  std::set<std::string> seen;
  const std::string mark = "--set ";
  for (const ArmResult& arm : result.arms) {
    for (const ResolvedValue& value : arm.resolved) {
      if (!boost::starts_with(value.origin, mark) || value.origin.substr(mark.size()) != value.key) continue;
      if (seen.insert(value.key).second) command += " --set " + quoted(value.key + "=" + value.text);
    }
  }
  return command;
}

std::vector<ReportedExperiment> gather_report(const std::vector<ReportedName>& experiments, const RunSettings& settings,
                                              const fs::path& results, const std::function<bool()>& stop) {
  std::vector<ReportedExperiment> all;
  for (const ReportedName& named : experiments) {
    if (stop()) throw Interrupted();
    all.push_back(described(named, settings, results));
  }
  std::vector<std::pair<std::size_t, std::size_t>> figures;
  for (std::size_t e = 0; e < all.size(); ++e) {
    for (std::size_t f = 0; f < all[e].figures.size(); ++f) figures.emplace_back(e, f);
  }
  parallel_for(figures.size(), settings.train.jobs, [&](std::size_t i) {
    const auto [e, f] = figures[i];
    const ExperimentResult& result = *all[e].result;
    all[e].figures[f].svg = run_gnuplot(figure_script(result, result.figures[f], FigureFormat::svg, ""), stop);
  });
  return all;
}

}  // namespace touchstone
