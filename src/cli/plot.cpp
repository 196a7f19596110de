#include <fmt/core.h>

#include "cli/command.h"
#include "cli/errors.h"
#include "cli/options.h"
#include "plot/figure.h"
#include "plot/gnuplot.h"
#include "results/result.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

int plot_results(const std::vector<std::string>& arguments) {
  Options options("touchstone plot", "Redraws figures from saved results, without training.");
  options.positionals("folders", "results of experiments", "RESULT_DIR ...");
  options.text("plots", "folder of the figures", "DIR", "plots");
  options.text("format", "png, svg, pdf or dumb (on the terminal)", "FORMAT", "png");
  const auto parsed = options.parse(arguments);
  if (!parsed) return exit_done;
  if (!parsed->has("folders")) throw UsageError("touchstone plot: expected a RESULT_DIR, such as results/NAME");

  const FigureFormat format = figure_format(parsed->choice("format", {"png", "svg", "pdf", "dumb"}));
  std::vector<ExperimentResult> results;
  const auto& folders = parsed->texts("folders");
  for (const std::string& folder : folders) results.push_back(read_result(folder));
  require_gnuplot(format);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    for (const fs::path& figure : draw_figures(results[i], folders[i], parsed->text("plots"), format)) {
      fmt::print("figure: {}\n", figure.string());
    }
  }
  return exit_done;
}

}  // namespace

Command plot_command() { return {"plot", "redraws figures from saved results, without training", &plot_results}; }

}  // namespace touchstone
