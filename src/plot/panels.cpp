// One panel per arm, in rows and columns, with one scale and one legend for all.
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <limits>

#include "plot/palette.h"
#include "plot/script.h"
#include "plot/terminal.h"
#include "plot/text_template.h"

namespace touchstone {
namespace {

/// Room around and between panels, in pixels.
constexpr double left_margin = 100.0;
constexpr double right_margin = 30.0;
constexpr double bottom_margin = 62.0;
constexpr double panel_title_height = 32.0;
constexpr double heading_height = 34.0;
constexpr double legend_height = 30.0;
constexpr double row_gap = 68.0;
constexpr double column_gap = 85.0;

bool is_test(const std::string& series) { return boost::starts_with(series, "val_"); }

/// Room above the first row: heading, legend, the panels' titles.
double top_margin(const FigureConfig& figure) {
  return panel_title_height + 8.0 + (figure.title.empty() ? 0.0 : heading_height) +
         (figure.series.size() > 1 ? legend_height : 0.0);
}

std::string layout_commands(const FigureConfig& figure) {
  const double width = figure.size[0] * pixels_per_inch;
  const double height = figure.size[1] * pixels_per_inch;
  return fmt::format(
      "set multiplot layout {},{} margins screen {:.4f},{:.4f},{:.4f},{:.4f} spacing screen {:.4f},{:.4f}\n",
      figure.layout[0], figure.layout[1], left_margin / width, 1.0 - right_margin / width, bottom_margin / height,
      1.0 - top_margin(figure) / height, column_gap / width, row_gap / height);
}

std::string heading_commands(const FigureConfig& figure) {
  if (figure.title.empty()) return "";
  const double height = figure.size[1] * pixels_per_inch;
  return fmt::format("set label 1 {} at screen 0.5,{:.4f} center font ',17'\n", gnuplot_string(figure.title),
                     1.0 - 0.62 * heading_height / height);
}

/// The legend of the whole figure, drawn with its first panel, above all of them.
std::string legend_commands(const FigureConfig& figure) {
  if (figure.series.size() < 2) return "unset key\n";
  const double height = figure.size[1] * pixels_per_inch;
  const double below = (figure.title.empty() ? 0.0 : heading_height) + 0.5 * legend_height;
  return fmt::format("set key at screen 0.5,{:.4f} center center horizontal samplen 3\n", 1.0 - below / height);
}

/// The common y-range: the figure's own, or what holds every finite value of every arm.
std::string y_range_command(const ExperimentResult& result, const FigureConfig& figure) {
  if (figure.y_range) return fmt::format("set yrange [{:g}:{:g}]\n", (*figure.y_range)[0], (*figure.y_range)[1]);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  const auto include = [&](const std::vector<double>& values) {
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  };
  for (const ArmResult& arm : result.arms) {
    for (const std::string& series : figure.series) {
      include(series_values(arm, series));
      if (!arm.bands) continue;
      include(series_values(arm.bands->p05, series));
      include(series_values(arm.bands->p95, series));
    }
  }
  if (!(low <= high)) return "set yrange [0:1]\n";
  const double room = low < high ? 0.05 * (high - low) : std::max(std::abs(low), 1.0) * 0.05;
  const double bottom = low >= 0.0 ? std::max(0.0, low - room) : low - room;
  return fmt::format("set yrange [{:.6g}:{:.6g}]\n", bottom, high + room);
}

std::string color_of(const FigureConfig& figure, const std::string& series, std::size_t arm, std::size_t arms) {
  if (figure.palette == "rainbow") return rainbow_colors(arms)[arm];
  return is_test(series) ? test_color : train_color;
}

/// The test rows' curve of a study is dashed too, for grey prints: where bands overlap, little of their colours is
/// left.
std::string dash_of(const ArmResult& arm, const std::string& series) {
  return arm.bands && is_test(series) ? " dashtype '-'" : "";
}

std::string panel_script(const ExperimentResult& result, const FigureConfig& figure, std::size_t index, bool as_text) {
  const ArmResult& arm = result.arms[index];
  const auto columns = static_cast<std::size_t>(figure.layout[1]);
  const bool bottom_row = index + columns >= result.arms.size();
  const bool left_column = index % columns == 0;

  std::string script;
  std::vector<std::string> bands;
  std::vector<std::string> curves;
  for (const std::string& series : figure.series) {
    const std::string block = fmt::format("arm_{:02}_{}", index, series);
    const std::string color = color_of(figure, series, index, result.arms.size());
    if (arm.bands && !as_text) {
      script +=
          band_block(block + "_band", series_values(arm.bands->p05, series), series_values(arm.bands->p95, series), 1);
      bands.push_back(band_plot(block + "_band", color));
    }
    script += data_block(block, series_values(arm, series), 1);
    curves.push_back(fmt::format("${} using 1:2 linewidth 1.6{} linecolor rgb '{}' title '{}'", block,
                                 dash_of(arm, series), color, is_test(series) ? "test" : "train"));
  }
  bands.insert(bands.end(), curves.begin(), curves.end());
  script += fmt::format("set title {} offset 0,-0.4\n", gnuplot_string(fill_template(figure.panel_title, arm)));
  script += fmt::format("set xrange [0:{}]\n", std::max<std::size_t>(arm.history.epochs.size(), 1));
  script += bottom_row ? fmt::format("set xlabel {}\n", gnuplot_string(figure.x_label)) : "unset xlabel\n";
  script += left_column ? fmt::format("set ylabel {}\n", gnuplot_string(figure.y_label)) : "unset ylabel\n";
  script += fmt::format("plot {}\n", fmt::join(bands, ", "));
  if (index == 0) script += "unset key\nunset label 1\n";
  return script;
}

}  // namespace

FigureConfig with_rows_for(FigureConfig figure, std::size_t arms) {
  const auto columns = static_cast<std::size_t>(figure.layout[1]);
  const int rows = static_cast<int>((std::max<std::size_t>(arms, 1) + columns - 1) / columns);
  figure.size[1] *= static_cast<double>(rows) / figure.layout[0];
  figure.layout[0] = rows;
  return figure;
}

std::string panels_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text) {
  std::string script = style_commands(as_text) + y_range_command(result, figure);
  if (figure.log_y) script += "set logscale y\n";
  if (as_text) {
    script += fmt::format("set multiplot layout {},{}{}\n", figure.layout[0], figure.layout[1],
                          figure.title.empty() ? "" : " title " + gnuplot_string(figure.title));
    script += figure.series.size() > 1 ? "set key bottom right\n" : "unset key\n";
  } else {
    script += layout_commands(figure) + heading_commands(figure) + legend_commands(figure);
  }
  for (std::size_t i = 0; i < result.arms.size(); ++i) script += panel_script(result, figure, i, as_text);
  return script + "unset multiplot\n";
}

}  // namespace touchstone
