#include "plot/script.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "plot/terminal.h"
#include "plot/text_template.h"
#include "plot/text_width.h"

namespace touchstone {
namespace {

constexpr double legend_points = 12.0;
// In pixels:
constexpr double sample_width = 75.0;  ///< of the line beside a name, and between two names
constexpr double row_height = 20.0;
constexpr double page_margin = 0.04;  ///< a share of the page

constexpr double heading_points = 17.0;
constexpr double heading_line_height = 30.0;
constexpr double plot_heading_points = 15.0;
constexpr std::size_t max_heading_lines = 3;

std::vector<std::string> heading_lines(const std::string& title, double points, double width) {
  return wrapped(title, points, width * (1.0 - page_margin), max_heading_lines);
}

}  // namespace

std::string data_block(const std::string& name, const std::vector<double>& values, int first_x) {
  std::string block = fmt::format("${} << END\n", name);
  int x = first_x;
  for (const double value : values) {
    block += std::isfinite(value) ? fmt::format("{} {:.9g}\n", x, value) : fmt::format("{} NaN\n", x);
    ++x;
  }
  return block + "END\n";
}

std::string band_block(const std::string& name, const std::vector<double>& low, const std::vector<double>& high,
                       int first_x, bool is_staircase) {
  std::string block = fmt::format("${} << END\n", name);
  for (std::size_t i = 0; i < low.size(); ++i) {
    // A gap is an empty line: where it draws bands, gnuplot takes NaN for 0.
    const int x = first_x + static_cast<int>(i);
    const bool is_finite = std::isfinite(low[i]) && std::isfinite(high[i]);
    block += is_finite ? fmt::format("{} {:.9g} {:.9g}\n", x, low[i], high[i]) : "\n";
    if (is_finite && is_staircase) block += fmt::format("{} {:.9g} {:.9g}\n", x + 1, low[i], high[i]);
  }
  return block + "END\n";
}

std::string band_plot(const std::string& name, const std::string& color, const std::string& title) {
  return fmt::format("${} using 1:2:3 with filledcurves fillcolor rgb '{}' fillstyle solid 1.0 noborder title {}", name,
                     color, gnuplot_string(title));
}

std::string translucent_band_plot(const std::string& name, const std::string& color) {
  return fmt::format(
      "${} using 1:2:3 with filledcurves fillcolor rgb '{}' fillstyle transparent solid 0.15 noborder notitle", name,
      color);
}

std::string heading_commands(const std::string& title, double width, double height) {
  if (title.empty()) return "";
  return fmt::format("set label 1 {} at screen 0.5,{:.4f} center font ',{:g}'\n",
                     gnuplot_lines(heading_lines(title, heading_points, width)),
                     1.0 - 0.65 * heading_line_height / height, heading_points);
}

double heading_height(const std::string& title, double width) {
  if (title.empty()) return 0.0;
  return 4.0 + heading_line_height * static_cast<double>(heading_lines(title, heading_points, width).size());
}

std::string plot_heading_commands(const std::string& title, double width) {
  return fmt::format("set title {} font ',{:g}'\n",
                     gnuplot_lines(heading_lines(title, plot_heading_points, width - 120.0)), plot_heading_points);
}

std::vector<double> series_values(const ArmResult& arm, const std::string& series) {
  if (!arm.rates.empty()) return arm.rates;
  return series_values(arm.history.epochs, series);
}

std::vector<double> series_values(const std::vector<EpochMetrics>& epochs, const std::string& series) {
  std::vector<double> values;
  for (const EpochMetrics& epoch : epochs) values.push_back(metric(epoch, series));
  return values;
}

std::string style_commands(bool as_text) {
  if (as_text) return "set style data lines\n";
  return "set border 3 linecolor rgb '#555555'\n"
         "set tics nomirror textcolor rgb '#222222'\n"
         "set grid linecolor rgb '#dddddd' linetype 1 linewidth 0.6\n"
         "set style data lines\n";
}

LegendLayout legend_layout(std::vector<std::string> names, double width) {
  const double page = (1.0 - page_margin) * width * pixels_per_inch;
  double longest = 1.0;
  for (std::string& name : names) {
    name = wrapped(name, legend_points, page - sample_width, 1).front();
    longest = std::max(longest, text_width(name, legend_points));
  }
  const int count = std::max(1, static_cast<int>(names.size()));
  const int fitting = std::clamp(static_cast<int>(page / (longest + sample_width)), 1, count);
  const int rows = (count + fitting - 1) / fitting;
  return {std::move(names), (count + rows - 1) / rows, rows};
}

std::vector<std::string> legend_names(const FigureConfig& figure, const std::vector<ArmResult>& arms) {
  std::vector<std::string> names;
  for (const ArmResult& arm : arms) names.push_back(fill_template(figure.legend, arm));
  return names;
}

FigureConfig with_legend_for(FigureConfig figure, const std::vector<std::string>& names) {
  constexpr int rows_of_a_page = 2;  // which leave the plot its height
  const int more = legend_layout(names, figure.size[0]).rows - rows_of_a_page;
  if (more > 0) figure.size[1] += more * row_height / pixels_per_inch;
  return figure;
}

std::string legend_below_commands(const FigureConfig& figure, const LegendLayout& layout) {
  constexpr double axis_height = 58.0;
  const double height = figure.size[1] * pixels_per_inch;
  const double legend = row_height * layout.rows + 16.0;
  return fmt::format(
      "set key at screen 0.5,{:.4f} center center horizontal maxcols {} samplen 3 width 1\n"
      "set bmargin at screen {:.4f}\nset rmargin 4\n",
      0.5 * legend / height, layout.columns, (legend + axis_height) / height);
}

}  // namespace touchstone
