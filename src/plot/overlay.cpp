// All arms in one plot, a curve each, with the legend below.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "plot/palette.h"
#include "plot/script.h"
#include "plot/terminal.h"

namespace touchstone {
namespace {

/// Dashes beside colours, for readers who see few of them and for grey prints.
constexpr std::array<const char*, 6> dashes = {"1", "'-'", "'_'", "'-.'", "'..-'", "1"};

}  // namespace

std::string overlay_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text) {
  const std::string series = figure.series.empty() ? "lr" : figure.series.front();
  const bool by_epoch = result.kind == Kind::training;
  const std::vector<std::string> colors =
      figure.palette == "rainbow" ? rainbow_colors(result.arms.size()) : distinct_colors(result.arms.size());
  const LegendLayout legend = legend_layout(legend_names(figure, result.arms), figure.size[0]);
  std::string script = style_commands(as_text);
  std::string plots;
  std::size_t longest = 1;
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const std::vector<double> values = series_values(result.arms[i], series);
    longest = std::max(longest, values.size());
    const std::string block = fmt::format("arm_{:02}", i);
    script += data_block(block, values, by_epoch ? 1 : 0);
    plots += fmt::format("{}${} using 1:2 linewidth 2 dashtype {} linecolor rgb '{}' title {}", i == 0 ? "" : ", ",
                         block, dashes[i % dashes.size()], colors[i], gnuplot_string(legend.names[i]));
  }
  script += fmt::format("set title {} font ',15'\n", gnuplot_string(figure.title));
  script +=
      fmt::format("set xlabel {}\nset ylabel {}\n", gnuplot_string(figure.x_label), gnuplot_string(figure.y_label));
  script += fmt::format("set xrange [0:{}]\n", longest);
  if (figure.y_range) script += fmt::format("set yrange [{:g}:{:g}]\n", (*figure.y_range)[0], (*figure.y_range)[1]);
  if (figure.log_y) script += "set logscale y\n";
  script += as_text ? "set key below\n" : legend_below_commands(figure, legend);
  return script + "plot " + plots + "\n";
}

}  // namespace touchstone
