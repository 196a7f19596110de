// The first two features of labelled points, a half-transparent colour a class.
#include <fmt/core.h>

#include <set>
#include <utility>

#include "plot/palette.h"
#include "plot/script.h"
#include "plot/terminal.h"

namespace touchstone {

std::string scatter_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text) {
  const Dataset& data = result.arms.front().data;
  const std::set<std::int64_t> classes(data.y.begin(), data.y.end());
  std::string script = style_commands(as_text);
  std::string plots;
  std::size_t color = 0;
  for (const std::int64_t c : classes) {
    script += fmt::format("$class_{} << END\n", c);
    for (std::size_t row = 0; row < data.rows(); ++row) {
      const double* x = data.x.data() + row * data.features;
      if (data.y[row] == c) script += fmt::format("{:.9g} {:.9g}\n", x[0], data.features > 1 ? x[1] : 0.0);
    }
    script += "END\n";
    plots += fmt::format(
        "{}$class_{} using 1:2 with points pointtype 7 pointsize 0.9 linecolor rgb '#80{}' title "
        "'class {}'",
        color == 0 ? "" : ", ", c, curve_style(color).color.substr(1), c);
    ++color;
  }
  script += plot_heading_commands(figure.title, figure.size[0] * pixels_per_inch);
  script +=
      fmt::format("set xlabel {}\nset ylabel {}\n", gnuplot_string(figure.x_label), gnuplot_string(figure.y_label));
  std::vector<std::string> names;
  for (const std::int64_t c : classes) names.push_back(fmt::format("class {}", c));
  const LegendLayout legend = legend_layout(std::move(names), figure.size[0]);
  script += as_text ? "set key below\n" : legend_below_commands(figure, legend) + "set key samplen 1\n";
  return script + "plot " + plots + "\n";
}

}  // namespace touchstone
