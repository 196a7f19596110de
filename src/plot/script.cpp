#include "plot/script.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "files/printable.h"
#include "plot/terminal.h"
#include "plot/text_template.h"

namespace touchstone {
namespace {

// In pixels, of the 12 points that legends have: more than most characters of DejaVu Sans take.
constexpr double character_width = 8.2;
constexpr double sample_width = 75.0;  ///< of the line beside a name, and between two names
constexpr double row_height = 20.0;
constexpr double page_margin = 0.04;  ///< a share of the page

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
                       int first_x) {
  std::string block = fmt::format("${} << END\n", name);
  for (std::size_t i = 0; i < low.size(); ++i) {
    // A gap is an empty line: where it draws bands, gnuplot takes NaN for 0.
    block += std::isfinite(low[i]) && std::isfinite(high[i])
                 ? fmt::format("{} {:.9g} {:.9g}\n", first_x + static_cast<int>(i), low[i], high[i])
                 : "\n";
  }
  return block + "END\n";
}

std::string band_plot(const std::string& name, const std::string& color) {
  return fmt::format(
      "${} using 1:2:3 with filledcurves fillcolor rgb '{}' fillstyle transparent solid 0.25 noborder notitle", name,
      color);
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
  const auto max_length = static_cast<std::size_t>(std::max(8.0, (page - sample_width) / character_width));
  std::size_t longest = 1;
  for (std::string& name : names) {
    if (count_characters(name) > max_length) name = fmt::format("{:.{}}...", name, max_length - 3);
    longest = std::max(longest, count_characters(name));
  }
  const double entry = character_width * static_cast<double>(longest) + sample_width;
  const int count = std::max(1, static_cast<int>(names.size()));
  const int fitting = std::clamp(static_cast<int>(page / entry), 1, count);
  const int rows = (count + fitting - 1) / fitting;
  return {std::move(names), (count + rows - 1) / rows, rows};
}

std::vector<std::string> legend_names(const FigureConfig& figure, const std::vector<ArmResult>& arms) {
  std::vector<std::string> names;
  for (const ArmResult& arm : arms) names.push_back(fill_template(figure.legend, arm));
  return names;
}

FigureConfig with_legend_for(FigureConfig figure, const std::vector<ArmResult>& arms) {
  constexpr int rows_of_a_page = 2;  // which leave the plot its height
  const int more = legend_layout(legend_names(figure, arms), figure.size[0]).rows - rows_of_a_page;
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
