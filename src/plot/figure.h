#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "results/result.h"

namespace touchstone {

/// What the plot folder throws: gnuplot missing, or a figure that it could not draw.
class PlotError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class FigureFormat { png, svg, pdf, dumb };

/// Throws PlotError, with a sentence that helps, unless a gnuplot that can draw `format` is on the PATH.
void require_gnuplot(FigureFormat format);

/// Draws every figure of `result`: writes `result_folder/figures/NAME[_suffix].gp` and its data, which plain
/// gnuplot can redraw, and `plots_folder/NAME[_suffix].FORMAT` (dumb: to stdout). Returns the figures' paths.
/// Throws PlotError.
std::vector<std::filesystem::path> draw_figures(const ExperimentResult& result,
                                                const std::filesystem::path& result_folder,
                                                const std::filesystem::path& plots_folder, FigureFormat format);

}  // namespace touchstone
