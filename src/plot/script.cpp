#include "plot/script.h"

#include <fmt/core.h>

#include <cmath>

namespace touchstone {

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

std::string legend_below_commands(const FigureConfig& figure, int rows) {
  constexpr double row_height = 20.0;
  constexpr double axis_height = 58.0;
  const double height = figure.size[1] * 100.0;
  const double legend = row_height * rows + 12.0;
  return fmt::format(
      "set key at screen 0.5,{:.4f} center center horizontal maxrows {} samplen 3 width 1\n"
      "set bmargin at screen {:.4f}\nset rmargin 4\n",
      0.5 * legend / height, rows, (legend + axis_height) / height);
}

}  // namespace touchstone
