// One panel per arm, in rows and columns, with one legend for all.
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>

#include "plot/axes.h"
#include "plot/palette.h"
#include "plot/script.h"
#include "plot/terminal.h"
#include "plot/text_template.h"
#include "plot/text_width.h"

namespace touchstone {
namespace {

/// Room around and between panels, in pixels.
constexpr double left_margin = 100.0;
constexpr double right_margin = 30.0;
constexpr double bottom_margin = 62.0;
constexpr double title_line_height = 20.0;
constexpr double legend_line_height = 20.0;
constexpr double row_gap = 44.0;
constexpr double column_gap = 85.0;         ///< with the labels of an axis in it
constexpr double narrow_column_gap = 25.0;  ///< of more than two columns that share an axis
constexpr double min_panel_width = 110.0;
constexpr double min_panel_height = 90.0;
constexpr double title_points = 12.0;
constexpr std::size_t max_title_lines = 3;

bool is_test(const std::string& series) { return boost::starts_with(series, "val_"); }

std::string name_of_series(const FigureConfig& figure, const std::string& series, bool has_bands) {
  if (figure.series.size() > 1)
    return fmt::format("{}{}", is_test(series) ? "test" : "train", has_bands ? ", median" : "");
  return has_bands ? "median" : is_test(series) ? "test" : "train";
}

std::string name_of_band(const FigureConfig& figure, const std::string& series) {
  return figure.series.size() > 1 ? fmt::format("{}, 5-95 %", is_test(series) ? "test" : "train")
                                  : "5-95 % of the seeds";
}

/// The names in the legend: of the bands, then of the curves. None if there is nothing to tell apart.
std::vector<std::string> legend_of(const ExperimentResult& result, const FigureConfig& figure) {
  std::vector<std::string> names;
  const bool has_bands = result.arms.front().bands.has_value();
  if (figure.series.size() < 2 && !has_bands) return names;
  for (const std::string& series : figure.series) {
    if (has_bands) names.push_back(name_of_band(figure, series));
  }
  for (const std::string& series : figure.series) names.push_back(name_of_series(figure, series, has_bands));
  return names;
}

/// Where everything lies on the page, in pixels.
struct PanelLayout {
  double width;
  double height;
  double column_gap;
  double panel_width;
  double panel_height;
  double title_height;    ///< of the highest panel title
  double heading_height;  ///< of the figure's title
  double legend_height;
  double top_margin;
  std::vector<std::vector<std::string>> titles;  ///< of each panel, in lines
};

/// Whether the panels beside the first column leave out what its axis says.
bool shares_labels(const FigureConfig& figure) {
  return figure.layout[1] > 2 && (figure.y_axis == FigureConfig::YAxis::shared || figure.y_range);
}

PanelLayout layout_of(const ExperimentResult& result, const FigureConfig& figure) {
  PanelLayout layout{};
  layout.width = figure.size[0] * pixels_per_inch;
  layout.height = figure.size[1] * pixels_per_inch;
  layout.column_gap = shares_labels(figure) ? narrow_column_gap : column_gap;
  layout.panel_width =
      (layout.width - left_margin - right_margin - layout.column_gap * (figure.layout[1] - 1)) / figure.layout[1];
  std::size_t lines = 1;
  for (const ArmResult& arm : result.arms) {
    layout.titles.push_back(wrapped(fill_template(figure.panel_title, arm), title_points,
                                    layout.panel_width + std::min(40.0, layout.column_gap - 10.0), max_title_lines));
    lines = std::max(lines, layout.titles.back().size());
  }
  layout.title_height = title_line_height * static_cast<double>(lines);
  layout.heading_height = heading_height(figure.title, layout.width);
  const std::vector<std::string> legend = legend_of(result, figure);
  layout.legend_height =
      legend.empty() ? 0.0
                     : 10.0 + legend_line_height * legend_layout(legend, layout.panel_width / pixels_per_inch).rows;
  layout.top_margin = layout.title_height + 16.0 + layout.heading_height + layout.legend_height;
  layout.panel_height =
      (layout.height - layout.top_margin - bottom_margin - (row_gap + layout.title_height) * (figure.layout[0] - 1)) /
      figure.layout[0];
  return layout;
}

std::string layout_commands(const FigureConfig& figure, const PanelLayout& layout) {
  return fmt::format(
      "set multiplot layout {},{} margins screen {:.4f},{:.4f},{:.4f},{:.4f} spacing screen {:.4f},{:.4f}\n",
      figure.layout[0], figure.layout[1], left_margin / layout.width, 1.0 - right_margin / layout.width,
      bottom_margin / layout.height, 1.0 - layout.top_margin / layout.height, layout.column_gap / layout.width,
      (row_gap + layout.title_height) / layout.height);
}

/// The legend of the whole figure, which gnuplot lays out on the width of a panel, drawn with its first panel, above
/// all of them.
std::string legend_commands(const ExperimentResult& result, const FigureConfig& figure, const PanelLayout& layout) {
  const std::vector<std::string> names = legend_of(result, figure);
  if (names.empty()) return "unset key\n";
  return fmt::format("set key at screen 0.5,{:.4f} center center horizontal maxcols {} samplen 2.5\n",
                     1.0 - (layout.heading_height + 0.5 * layout.legend_height) / layout.height,
                     legend_layout(names, layout.panel_width / pixels_per_inch).columns);
}

std::vector<std::vector<double>> values_of(const ArmResult& arm, const FigureConfig& figure) {
  std::vector<std::vector<double>> all;
  for (const std::string& series : figure.series) {
    all.push_back(series_values(arm, series));
    if (!arm.bands) continue;
    all.push_back(series_values(arm.bands->p05, series));
    all.push_back(series_values(arm.bands->p95, series));
  }
  return all;
}

/// The figure's own range, that of the arm, or that of all arms.
ValueRange y_range_of(const ExperimentResult& result, const FigureConfig& figure, std::size_t arm) {
  if (figure.y_range) return {(*figure.y_range)[0], (*figure.y_range)[1]};
  std::vector<std::vector<double>> all;
  for (std::size_t a = 0; a < result.arms.size(); ++a) {
    if (figure.y_axis == FigureConfig::YAxis::own && a != arm) continue;
    const auto own = values_of(result.arms[a], figure);
    all.insert(all.end(), own.begin(), own.end());
  }
  return figure.log_y ? with_room_by_factor(all) : with_room(range_of(all));
}

/// What is drawn of a panel, from the bottom up: bands, their borders, curves.
struct PanelCurves {
  std::string blocks;
  std::vector<std::string> bands;
  std::vector<std::string> borders;
  std::vector<std::string> curves;
};

void add_series(const ArmResult& arm, const FigureConfig& figure, const std::string& series, const std::string& block,
                bool as_text, PanelCurves& panel) {
  const CurveStyle style = curve_style(is_test(series) ? 1 : 0);
  const std::string name = name_of_series(figure, series, arm.bands.has_value());
  const bool is_staircase = series == "lr";
  panel.blocks += data_block(block, series_values(arm, series), 1);
  panel.curves.push_back(fmt::format("${} using 1:2 {} linewidth 1.6 linecolor rgb '{}' title '{}'", block,
                                     is_staircase ? "with steps" : "with lines", style.color, name));
  if (!arm.bands || as_text) return;
  panel.blocks += band_block(block + "_band", series_values(arm.bands->p05, series),
                             series_values(arm.bands->p95, series), 1, is_staircase);
  panel.bands.push_back(band_plot(block + "_band", tint_of(style.color), name_of_band(figure, series)));
  for (const int column : {2, 3}) {  // where bands cover each other, their borders still show
    panel.borders.push_back(fmt::format("${}_band using 1:{} with lines linewidth 0.5 linecolor rgb '{}' notitle",
                                        block, column, style.color));
  }
}

std::string panel_script(const ExperimentResult& result, const FigureConfig& figure, const PanelLayout& layout,
                         std::size_t index, bool as_text) {
  const ArmResult& arm = result.arms[index];
  const auto columns = static_cast<std::size_t>(figure.layout[1]);
  const bool bottom_row = index + columns >= result.arms.size();
  const bool left_column = index % columns == 0;

  PanelCurves panel;
  for (const std::string& series : figure.series) {
    add_series(arm, figure, series, fmt::format("arm_{:02}_{}", index, series), as_text, panel);
  }
  std::vector<std::string> plots = panel.bands;
  plots.insert(plots.end(), panel.borders.begin(), panel.borders.end());
  plots.insert(plots.end(), panel.curves.begin(), panel.curves.end());

  const auto epochs = static_cast<double>(std::max<std::size_t>(arm.history.epochs.size(), 1));
  std::string script = panel.blocks;
  script += fmt::format("set title {} offset 0,-0.4\n", gnuplot_lines(layout.titles[index]));
  script += fmt::format("set xrange [{}:{:.0f}]\n", epochs > 1.0 ? 1 : 0, epochs);
  if (!as_text) script += x_tics_command(epochs, layout.panel_width);
  const ValueRange range = y_range_of(result, figure, index);
  script += as_text || figure.log_y ? fmt::format("set yrange [{:.6g}:{:.6g}]\n", range.low, range.high)
                                    : y_axis_commands(range, layout.panel_height);
  if (shares_labels(figure)) script += fmt::format("set format y {}\n", left_column ? "'%g'" : "''");
  script += bottom_row ? fmt::format("set xlabel {}\n", gnuplot_string(figure.x_label)) : "unset xlabel\n";
  script += left_column
                ? fmt::format("set ylabel {}\n", gnuplot_lines(wrapped(figure.y_label, 12.0, layout.panel_height, 1)))
                : "unset ylabel\n";
  script += fmt::format("plot {}\n", fmt::join(plots, ", "));
  if (index == 0) script += "unset key\nunset label 1\n";
  return script;
}

}  // namespace

FigureConfig with_room_for_panels(const ExperimentResult& result, FigureConfig figure) {
  const auto columns = static_cast<std::size_t>(figure.layout[1]);
  const int rows = static_cast<int>((std::max<std::size_t>(result.arms.size(), 1) + columns - 1) / columns);
  figure.size[1] *= static_cast<double>(rows) / figure.layout[0];
  figure.layout[0] = rows;
  const double missing_width = min_panel_width - layout_of(result, figure).panel_width;
  figure.size[0] += std::max(0.0, missing_width) * figure.layout[1] / pixels_per_inch;
  const double missing_height = min_panel_height - layout_of(result, figure).panel_height;
  figure.size[1] += std::max(0.0, missing_height) * figure.layout[0] / pixels_per_inch;
  return figure;
}

std::string panels_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text) {
  const PanelLayout layout = layout_of(result, figure);
  std::string script = style_commands(as_text);
  if (figure.log_y) script += "set logscale y\nset format y '%g'\n";
  if (as_text) {
    script += fmt::format("set multiplot layout {},{}{}\n", figure.layout[0], figure.layout[1],
                          figure.title.empty() ? "" : " title " + gnuplot_string(figure.title));
    script += figure.series.size() > 1 ? "set key bottom right\n" : "unset key\n";
  } else {
    script += layout_commands(figure, layout) + heading_commands(figure.title, layout.width, layout.height) +
              legend_commands(result, figure, layout);
  }
  for (std::size_t i = 0; i < result.arms.size(); ++i) script += panel_script(result, figure, layout, i, as_text);
  return script + "unset multiplot\n";
}

}  // namespace touchstone
