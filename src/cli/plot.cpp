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

int run(const std::vector<std::string>& arguments) {
  cxxopts::Options options("touchstone plot", "Redraws figures from saved results, without training.");
  auto add = options.add_options();
  add("folders", "results of experiments", texts());
  add("plots", "folder of the figures", text_or("plots"), "DIR");
  add("format", "png, svg, pdf or dumb (on the terminal)", text_or("png"), "FORMAT");
  options.parse_positional({"folders"});
  options.positional_help("RESULT_DIR ...");
  const auto parsed = parse(options, arguments);
  if (!parsed) return exit_done;
  if (parsed->count("folders") == 0) throw UsageError("touchstone plot: expected a RESULT_DIR, such as results/NAME");

  const FigureFormat format = figure_format(choice_option(*parsed, "format", {"png", "svg", "pdf", "dumb"}));
  std::vector<ExperimentResult> results;
  const auto& folders = (*parsed)["folders"].as<std::vector<std::string>>();
  for (const std::string& folder : folders) results.push_back(read_result(folder));
  require_gnuplot(format);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    for (const fs::path& figure : draw_figures(results[i], folders[i], (*parsed)["plots"].as<std::string>(), format)) {
      fmt::print("figure: {}\n", figure.string());
    }
  }
  return exit_done;
}

}  // namespace

Command plot_command() { return {"plot", "redraws figures from saved results, without training", &run}; }

}  // namespace touchstone
