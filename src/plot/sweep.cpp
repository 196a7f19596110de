// Final metrics over the value of a varied key; in a study, the mean over seeds with its 95 % interval.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "plot/axes.h"
#include "plot/palette.h"
#include "plot/script.h"
#include "plot/terminal.h"

namespace touchstone {
namespace {

std::optional<double> number_of(const std::string& text) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

std::optional<std::string> text_at(const ArmResult& arm, const std::string& key) {
  for (const auto& [varied, text] : arm.varied) {
    if (varied == key) return text;
  }
  return std::nullopt;
}

bool is_number_everywhere(const ExperimentResult& result, const std::string& key) {
  return std::all_of(result.arms.begin(), result.arms.end(), [&](const ArmResult& arm) {
    const auto text = text_at(arm, key);
    return text && number_of(*text);
  });
}

/// The key on the x axis; empty if the arms vary none with numbers.
std::string key_of(const ExperimentResult& result, const FigureConfig& figure) {
  if (!figure.over.empty()) return figure.over;
  for (const auto& [key, text] : result.arms.front().varied) {
    if (is_number_everywhere(result, key)) return key;
  }
  return "";
}

struct Point {
  double x;
  std::string tick;
  double mean;
  double half_width;  ///< NaN if there is none
};

/// A curve: the arms that agree in all other keys.
struct Curve {
  std::string name;
  std::vector<Point> points;
};

std::string name_of_others(const ArmResult& arm, const std::string& key) {
  std::string name;
  for (const auto& [varied, text] : arm.varied) {
    if (varied == key) continue;
    const std::size_t dot = varied.rfind('.');
    name +=
        fmt::format("{}{}={}", name.empty() ? "" : ", ", varied.substr(dot == std::string::npos ? 0 : dot + 1), text);
  }
  return name;
}

double final_value(const ArmResult& arm, const std::string& series) {
  if (arm.bands) return arm.bands->mean.empty() ? std::nan("") : metric(arm.bands->mean.back(), series);
  return arm.history.epochs.empty() ? std::nan("") : metric(arm.history.epochs.back(), series);
}

std::vector<Curve> curves_of(const ExperimentResult& result, const FigureConfig& figure, const std::string& key) {
  std::vector<Curve> curves;
  for (const std::string& series : figure.series) {
    for (std::size_t a = 0; a < result.arms.size(); ++a) {
      const ArmResult& arm = result.arms[a];
      const std::string others = key.empty() ? "" : name_of_others(arm, key);
      const std::string metric_name = figure.series.size() > 1 || others.empty() ? series : "";
      const std::string name =
          fmt::format("{}{}{}", others, others.empty() || metric_name.empty() ? "" : ": ", metric_name);
      auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& each) { return each.name == name; });
      if (curve == curves.end()) curve = curves.insert(curves.end(), Curve{name, {}});
      const double x =
          key.empty() ? static_cast<double>(a) : number_of(*text_at(arm, key)).value_or(static_cast<double>(a));
      curve->points.push_back({x, key.empty() ? arm.label : *text_at(arm, key), final_value(arm, series),
                               arm.bands ? metric(arm.bands->half_width, series) : std::nan("")});
    }
  }
  for (Curve& curve : curves) {
    std::sort(curve.points.begin(), curve.points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  }
  return curves;
}

/// Ten to one or more, and nothing at or below 0: the steps are by factors.
bool is_geometric(const std::vector<Curve>& curves) {
  double low = HUGE_VAL;
  double high = 0.0;
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) {
      low = std::min(low, point.x);
      high = std::max(high, point.x);
    }
  }
  return low > 0.0 && high / low >= 10.0;
}

std::string block_of(const std::string& name, const Curve& curve) {
  std::string block = fmt::format("${} << END\n", name);
  for (const Point& point : curve.points) {
    const double half = std::isfinite(point.half_width) ? point.half_width : 0.0;
    block += std::isfinite(point.mean) ? fmt::format("{:.9g} {:.9g} {:.9g} {:.9g}\n", point.x, point.mean,
                                                     point.mean - half, point.mean + half)
                                       : "\n";
  }
  return block + "END\n";
}

std::string tics_of(const Curve& curve) {
  std::vector<std::string> tics;
  for (const Point& point : curve.points) tics.push_back(fmt::format("{} {:.9g}", gnuplot_string(point.tick), point.x));
  return fmt::format("set xtics ({})\n", fmt::join(tics, ", "));
}

std::string x_range_command(const std::vector<Curve>& curves, bool is_logarithmic) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const Curve& curve : curves) {
    low = std::min(low, curve.points.front().x);
    high = std::max(high, curve.points.back().x);
  }
  if (is_logarithmic) {
    const double room = std::pow(high / low, 0.06);
    return fmt::format("set logscale x\nset xrange [{:.6g}:{:.6g}]\n", low / room, high * room);
  }
  const double room = low < high ? 0.06 * (high - low) : 1.0;
  return fmt::format("set xrange [{:.6g}:{:.6g}]\n", low - room, high + room);
}

ValueRange y_range_of(const FigureConfig& figure, const std::vector<Curve>& curves) {
  if (figure.y_range) return {(*figure.y_range)[0], (*figure.y_range)[1]};
  std::vector<double> values;
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) {
      const double half = std::isfinite(point.half_width) ? point.half_width : 0.0;
      values.insert(values.end(), {point.mean - half, point.mean + half});
    }
  }
  return figure.log_y ? with_room_by_factor({values}) : with_room(range_of({values}));
}

}  // namespace

FigureConfig with_sweep_series(FigureConfig figure) {
  if (figure.series.empty()) figure.series = {"val_accuracy"};
  return figure;
}

std::vector<std::string> sweep_names(const ExperimentResult& result, const FigureConfig& figure) {
  std::vector<std::string> names;
  for (const Curve& curve : curves_of(result, figure, key_of(result, figure))) names.push_back(curve.name);
  return names;
}

std::string sweep_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text) {
  const std::string key = key_of(result, figure);
  const std::vector<Curve> curves = curves_of(result, figure, key);
  const LegendLayout legend = legend_layout(sweep_names(result, figure), figure.size[0]);
  const bool has_intervals = result.arms.front().bands.has_value();
  const double width = figure.size[0] * pixels_per_inch;
  const double height = figure.size[1] * pixels_per_inch;
  std::string script = style_commands(as_text);
  std::vector<std::string> plots;
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const std::string block = fmt::format("curve_{:02}", c);
    const CurveStyle style = curve_style(c);
    script += block_of(block, curves[c]);
    plots.push_back(
        fmt::format("${} using {} linewidth 1.6 dashtype {} pointtype 7 pointsize 0.8 linecolor rgb '{}' title {}",
                    block, has_intervals && !as_text ? "1:2:3:4 with yerrorlines" : "1:2 with linespoints", style.dash,
                    style.color, gnuplot_string(legend.names[c])));
  }
  script += plot_heading_commands(figure.title, width);
  script += fmt::format(
      "set xlabel {}\nset ylabel {}\n", gnuplot_string(figure.x_label == "epoch" ? key : figure.x_label),
      gnuplot_string(figure.y_label.empty() ? fmt::format("{}", fmt::join(figure.series, ", ")) : figure.y_label));
  const bool is_logarithmic = is_geometric(curves);
  script += x_range_command(curves, is_logarithmic);
  if (!key.empty() && curves.front().points.size() <= 8) script += tics_of(curves.front());
  const ValueRange range = y_range_of(figure, curves);
  script += as_text || figure.log_y ? fmt::format("set yrange [{:.6g}:{:.6g}]\n", range.low, range.high)
                                    : y_axis_commands(range, height - 200.0);
  if (figure.log_y) script += "set logscale y\nset format y '%g'\n";
  const std::string key_commands = as_text ? "set key below\n" : legend_below_commands(figure, legend);
  script += curves.size() > 1 ? key_commands : "unset key\n";
  return script + fmt::format("plot {}\n", fmt::join(plots, ", "));
}

}  // namespace touchstone
