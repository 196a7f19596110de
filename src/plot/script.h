#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/result.h"

namespace touchstone {

/// The drawing commands of a figure, after its terminal is set; one function per figure type. `as_text`: for
/// character cells, which are too coarse for margins in pixels.
std::string panels_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text);
std::string overlay_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text);
std::string scatter_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text);
std::string sweep_script(const ExperimentResult& result, const FigureConfig& figure, bool as_text);

/// A sweep with the metric that it shows if it names none.
FigureConfig with_sweep_series(FigureConfig figure);
/// The names of a sweep's curves.
std::vector<std::string> sweep_names(const ExperimentResult& result, const FigureConfig& figure);

/// `figure` with as many rows of panels as the arms need and its height in proportion, and large enough to read them.
FigureConfig with_room_for_panels(const ExperimentResult& result, FigureConfig figure);

/// A gnuplot data block called $name: y values over x = first_x, first_x + 1, ... Non-finite values become gaps.
std::string data_block(const std::string& name, const std::vector<double>& values, int first_x);

/// A data block with a low and a high value per row, for a band; of a staircase, two rows per value.
std::string band_block(const std::string& name, const std::vector<double>& low, const std::vector<double>& high,
                       int first_x, bool is_staircase);
/// The part of a plot command that draws it in a colour, with its name in the legend. Bands are drawn below all curves.
std::string band_plot(const std::string& name, const std::string& color, const std::string& title);
/// The same without a name, so that other bands show through: of many arms in one plot.
std::string translucent_band_plot(const std::string& name, const std::string& color);

/// `series` of an arm, epoch by epoch; or the rate, step by step, of a schedule.
std::vector<double> series_values(const ArmResult& arm, const std::string& series);
std::vector<double> series_values(const std::vector<EpochMetrics>& epochs, const std::string& series);

/// Common to all: thin grey grid and axes, so that the curves stand out.
std::string style_commands(bool as_text);

/// The title of a figure of panels, in lines that fit on a page of `width` and `height` pixels, and what it takes.
std::string heading_commands(const std::string& title, double width, double height);
double heading_height(const std::string& title, double width);
/// The title of a figure with one plot.
std::string plot_heading_commands(const std::string& title, double width);

/// The name of each arm's curve in an overlay.
std::vector<std::string> legend_names(const FigureConfig& figure, const std::vector<ArmResult>& arms);

/// How the names of a legend are laid out on a page.
struct LegendLayout {
  std::vector<std::string> names;  ///< cut where one alone is wider than the page
  int columns = 1;
  int rows = 1;
};

/// The fewest rows in which the names fit beside each other on a page of `width` inches.
LegendLayout legend_layout(std::vector<std::string> names, double width);

/// `figure`, high enough for a legend of these names.
FigureConfig with_legend_for(FigureConfig figure, const std::vector<std::string>& names);

/// A legend below the axis label of a figure with one plot.
std::string legend_below_commands(const FigureConfig& figure, const LegendLayout& layout);

}  // namespace touchstone
