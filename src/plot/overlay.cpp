// All arms in one plot, a curve each, with the legend below.
#include <fmt/format.h>

#include <algorithm>

#include "plot/axes.h"
#include "plot/palette.h"
#include "plot/script.h"
#include "plot/terminal.h"
#include "plot/text_width.h"

namespace touchstone {
namespace {

std::string series_of(const FigureConfig& figure) { return figure.series.empty() ? "lr" : figure.series.front(); }

/// A range for every arm, with its bands; bands of runs that diverge would leave no room for the others.
ValueRange y_range_of(const ExperimentResult& result, const FigureConfig& figure) {
  if (figure.y_range) return {(*figure.y_range)[0], (*figure.y_range)[1]};
  std::vector<std::vector<double>> all;
  for (const ArmResult& arm : result.arms) {
    all.push_back(series_values(arm, series_of(figure)));
    if (!arm.bands) continue;
    all.push_back(series_values(arm.bands->p05, series_of(figure)));
    all.push_back(series_values(arm.bands->p95, series_of(figure)));
  }
  return figure.log_y ? with_room_by_factor(all) : with_room(range_of(all));
}

}  // namespace

std::string overlay_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text) {
  const std::string series = series_of(figure);
  const int first_x = result.kind == Kind::training ? 1 : 0;
  const LegendLayout legend = legend_layout(legend_names(figure, result.arms), figure.size[0]);
  std::string script = style_commands(as_text);
  std::vector<std::string> bands;
  std::vector<std::string> curves;
  std::size_t longest = 1;
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const ArmResult& arm = result.arms[i];
    const CurveStyle style = curve_style(i);
    const std::vector<double> values = series_values(arm, series);
    longest = std::max(longest, values.size());
    const std::string block = fmt::format("arm_{:02}", i);
    script += data_block(block, values, first_x);
    if (arm.bands && !as_text) {
      script += band_block(block + "_band", series_values(arm.bands->p05, series),
                           series_values(arm.bands->p95, series), first_x, series == "lr");
      bands.push_back(translucent_band_plot(block + "_band", style.color));
    }
    curves.push_back(fmt::format("${} using 1:2 {} linewidth 2 dashtype {} linecolor rgb '{}' title {}", block,
                                 series == "lr" ? "with steps" : "with lines", style.dash, style.color,
                                 gnuplot_string(legend.names[i])));
  }
  bands.insert(bands.end(), curves.begin(), curves.end());
  const double width = figure.size[0] * pixels_per_inch;
  const double height = figure.size[1] * pixels_per_inch;
  script += plot_heading_commands(figure.title, width);
  script +=
      fmt::format("set xlabel {}\nset ylabel {}\n", gnuplot_string(figure.x_label), gnuplot_string(figure.y_label));
  const double end = static_cast<double>(longest) - (first_x == 0 ? 1.0 : 0.0);
  script += fmt::format("set xrange [{}:{:.0f}]\n", longest > 1 ? first_x : 0, std::max(end, 1.0));
  const ValueRange range = y_range_of(result, figure);
  if (as_text || figure.log_y) {
    script += fmt::format("set yrange [{:.6g}:{:.6g}]\n", range.low, range.high);
  } else {
    script += x_tics_command(end, width - 150.0) + y_axis_commands(range, height - 200.0);
  }
  if (figure.log_y) script += "set logscale y\nset format y '%g'\n";
  script += as_text ? "set key below\n" : legend_below_commands(figure, legend);
  return script + fmt::format("plot {}\n", fmt::join(bands, ", "));
}

}  // namespace touchstone
