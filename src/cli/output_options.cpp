#include "cli/output_options.h"

#include <fmt/core.h>

#include "cli/interrupt.h"
#include "plot/figure.h"

namespace touchstone {

void add_output_options(Options& options) {
  options.text("results", "folder of the results", "DIR", "results");
  options.text("plots", "folder of the figures", "DIR", "plots");
  options.choice("format", "png, svg, pdf, dumb (on the terminal) or none", "FORMAT",
                 {"png", "svg", "pdf", "dumb", "none"}, "png");
  options.flag("quiet", "no progress and no tables");
}

OutputOptions read_output_options(const ParsedOptions& parsed) {
  OutputOptions options;
  options.results = parsed.text("results");
  options.plots = parsed.text("plots");
  const std::string format = parsed.choice("format");
  if (format != "none") options.format = figure_format(format);
  options.quiet = parsed.has("quiet");
  return options;
}

void draw(const ExperimentResult& result, const OutputOptions& options) {
  if (!options.format) return;
  const auto figures =
      draw_figures(result, options.results / result.name, options.plots, *options.format, &interrupted);
  if (options.quiet) return;
  for (const std::filesystem::path& figure : figures) fmt::print("figure: {}\n", figure.string());
}

}  // namespace touchstone
