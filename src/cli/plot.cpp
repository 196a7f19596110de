#include <fmt/core.h>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "files/errors.h"
#include "plot/figure.h"
#include "plot/gnuplot.h"
#include "plot/study_figures.h"
#include "results/result.h"
#include "results/result_lock.h"
#include "results/study_files.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

void add_plot_options(Options& options) {
  options.positionals("folders", "results of experiments", "RESULT_DIR ...");
  options.text("plots", "folder of the figures", "DIR", "plots");
  options.choice("format", "png, svg, pdf or dumb (on the terminal)", "FORMAT", {"png", "svg", "pdf", "dumb"}, "png");
}

int plot_results(const ParsedOptions& parsed) {
  if (!parsed.has("folders")) throw UserError("touchstone plot: expected a RESULT_DIR, such as results/NAME");

  const FigureFormat format = figure_format(parsed.choice("format"));
  std::vector<std::pair<fs::path, ExperimentResult>> results;
  for (const fs::path folder : parsed.texts("folders")) {
    const bool of_study = has_study(folder);
    if (of_study) results.emplace_back(folder, with_band_figures(read_study(folder)));
    if (!of_study || fs::exists(folder / "manifest.json")) results.emplace_back(folder, read_result(folder));
  }
  require_gnuplot(format);
  catch_interrupts();
  for (const auto& [folder, result] : results) {
    const ResultLock lock(folder);
    for (const fs::path& figure : draw_figures(result, folder, parsed.text("plots"), format, &interrupted)) {
      fmt::print("figure: {}\n", figure.string());
    }
  }
  return exit_done;
}

}  // namespace

Command plot_command() {
  return {"plot", "redraws figures from saved results, without training",
          "Redraws figures from saved results, without training.", &add_plot_options, &plot_results};
}

}  // namespace touchstone
